// How far somebody has come in the questions of the rubric, which lead to a rule. Questions are
// counted from 0. `mode` says what is shown: "chosen", the step of the rule chosen before; "asking",
// the questions up to the one `reached`; or "all". `opened` is the question answered by yes, whose
// rules stand open (-1: none).

/** At the first question. */
export const START = { mode: "asking", reached: 0, opened: -1 };

/** After question n was answered by yes or no. */
export const answered = (progress, n, isYes) =>
  ({ ...progress, reached: isYes ? n : n + 1, opened: isYes ? n : -1 });

/** Whether there is something to begin anew. */
export const hasBegun = ({ mode, reached, opened }) =>
  mode !== "asking" || reached > 0 || opened >= 0;

/** What is shown of step n (-1: one without a question), which holds the chosen rule or not. */
export function viewOf({ mode, reached, opened }, n, holdsRule) {
  const isAsking = mode === "asking";
  return {
    isShown: mode === "all" || (mode === "chosen" ? holdsRule : n <= reached),
    isAsking,
    isYes: opened === n,
    isNo: n < reached,
    hasRules: !isAsking || opened === n,
  };
}
