"""The words for verdicts, confidence, stances and the like, in the interface's language."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _

from ..domain.answer import Mode
from ..domain.measures import Figure, Lean, Summary
from ..domain.message import Message
from ..domain.question_set import RegionKind
from ..domain.room import Leaderboard, Move, Phase, RoomMode, Rules, State
from ..domain.scoring import Confidence
from ..domain.standings import Tier
from ..domain.verdict import Stance, Verdict

NOTABLE_EXCESS = 2
"""How many times more than right a verdict is given in a round before it is worth a word."""

ICON = {Verdict.TRUE: "check", Verdict.FALSE: "x", Verdict.UNVERIFIED: "circle-question-mark"}


_VERDICTS: Mapping[Verdict, LazyString] = {
    Verdict.TRUE: _("True"),
    Verdict.FALSE: _("False"),
    Verdict.UNVERIFIED: _("Unverified"),
}
_MEANINGS: Mapping[Verdict, LazyString] = {
    Verdict.TRUE: _("supported by the file"),
    Verdict.FALSE: _("contradicted by the file"),
    Verdict.UNVERIFIED: _("the file cannot settle it"),
}
_CONFIDENCES: Mapping[Confidence, LazyString] = {
    Confidence.GUESS: _("Guess"),
    Confidence.LEANING: _("Leaning"),
    Confidence.FAIRLY_SURE: _("Fairly sure"),
    Confidence.SURE: _("Sure"),
}
_STANCES: Mapping[Stance, LazyString] = {
    Stance.SUPPORTS: _("supports the claim"),
    Stance.REFUTES: _("contradicts the claim"),
    Stance.HEDGES: _("leaves the claim open"),
    Stance.NEAREST: _("the nearest passage: it does not settle the claim"),
}
_FIELDS: Mapping[str, LazyString] = {
    "claim": _("Claim"),
    "explanation": _("Explanation"),
    "evidence": _("Evidence"),
    "verdict": _("Verdict"),
    "rule": _("Rule"),
    "as_of": _("Date"),
    "difficulty": _("Difficulty"),
    "skills": _("Skills"),
    "files": _("Files"),
    "contrast": _("Contrast group"),
}
_REGIONS: Mapping[RegionKind, LazyString] = {
    RegionKind.ARTICLE: _("Article"),
    RegionKind.HEADLINE: _("Headline"),
    RegionKind.CAPTION: _("Image and caption"),
    RegionKind.RELATED: _("Related stories"),
    RegionKind.COMMENTS: _("Readers’ comments"),
    RegionKind.FURNITURE: _("Page around the article"),
}
_MODES: Mapping[Mode, LazyString] = {
    Mode.QUICK: _("Quick round"),
    Mode.INVESTIGATION: _("Investigation"),
}
_ROOM_MODES: Mapping[RoomMode, LazyString] = {
    RoomMode.QUICK: _("Quick"),
    RoomMode.TWO_LOOKS: _("Two looks"),
    RoomMode.EVIDENCE: _("With evidence"),
}
_PHASES: Mapping[Phase, LazyString] = {
    Phase.LOBBY: _("Lobby"),
    Phase.QUESTION: _("Question open"),
    Phase.SECOND_LOOK: _("File open"),
    Phase.CLOSED: _("Closed"),
    Phase.REVEAL: _("Verdict shown"),
    Phase.STANDINGS: _("Standings"),
    Phase.DEBRIEF: _("Debrief"),
    Phase.FINISHED: _("Finished"),
}
TIERS: Mapping[Tier, LazyString] = {
    Tier.FRONT: _("Front third"),
    Tier.MIDDLE: _("Middle third"),
    Tier.CHASING: _("Chasing third"),
}
MOVES: Mapping[Move, str] = {
    Move.NEXT: "arrow-right",
    Move.RESUME: "play",
    Move.EXTEND: "timer",
    Move.PAUSE: "pause",
    Move.SKIP: "skip-forward",
    Move.LOBBY: "users",
    Move.END: "flag",
}
"""A host's moves in the order of their buttons, with their icons."""

_MOVES: Mapping[Move, LazyString] = {
    Move.RESUME: _("Go on"),
    Move.EXTEND: _("30 s more"),
    Move.PAUSE: _("Pause"),
    Move.SKIP: _("Skip this question"),
    Move.LOBBY: _("Back to the lobby"),
    Move.END: _("End the round"),
}
_LEANS: Mapping[Lean, LazyString] = {
    Lean.TRUE: _("“True” comes up too often: see whether the file really says so."),
    Lean.FALSE: _("“False” comes up too often: doubt is good, but see what the file supports."),
    Lean.UNVERIFIED: _("“Unverified” comes up too often: look again, the file may settle it."),
    Lean.NONE: _("You do not lean clearly towards one verdict."),
}


def words(text: str) -> str:
    """A message in the reader's language: of a check, a form or an error; plain text as it is."""
    if not isinstance(text, Message):
        return text
    values = {
        name: words(value) if isinstance(value, str) else value
        for name, value in text.values.items()
    }
    template = str(gettext(text.template))
    return template.format(**values) if values else template


def verdict(which: Verdict) -> str:
    """The verdict's name."""
    return str(_VERDICTS[which])


def verdict_meaning(which: Verdict) -> str:
    """What the verdict says of the file."""
    return str(_MEANINGS[which])


def confidence(which: Confidence) -> str:
    """The confidence level's name."""
    return str(_CONFIDENCES[which])


def stance(which: Stance) -> str:
    """How a quote bears on the claim."""
    return str(_STANCES[which])


def field(name: str) -> str:
    """A field of a question in words; the name itself where there are none."""
    return str(_FIELDS.get(name, name))


def region(which: RegionKind) -> str:
    """The part of the page."""
    return str(_REGIONS[which])


def mode(which: Mode) -> str:
    """How a round is played."""
    return str(_MODES[which])


def room_mode(which: RoomMode) -> str:
    """How a room is played."""
    return str(_ROOM_MODES[which])


def room_mode_named(value: str) -> str:
    """The same, for the value that a form sends."""
    return room_mode(RoomMode(value))


def phase(which: Phase) -> str:
    """What a room is doing."""
    return str(_PHASES[which])


def tier(which: Tier) -> str:
    """The third of a class."""
    return str(TIERS[which])


def move(which: Move, rules: Rules, state: State) -> str:
    """What a host's button does now; the next step is named after where it leads."""
    if which is not Move.NEXT:
        return str(_MOVES[which])
    is_last = state.position >= rules.size
    onward = gettext("Debrief") if is_last else gettext("Next question")
    ranked = rules.leaderboard is not Leaderboard.OFF
    return str(
        {
            Phase.LOBBY: onward if state.position else gettext("Start"),
            Phase.QUESTION: gettext("Open the file") if rules.has_two_looks else gettext("Close"),
            Phase.SECOND_LOOK: gettext("Close"),
            Phase.CLOSED: gettext("Reveal"),
            Phase.REVEAL: gettext("Standings") if ranked else onward,
            Phase.STANDINGS: onward,
        }.get(state.phase, gettext("Close the room"))
    )


def lean_sentence(figures: Summary) -> str:
    """One line on bias in plain words: which verdict is given too often, if that can be said."""
    leaning = figures.lean
    if leaning is None:
        return str(gettext("Too few answers to say whether you lean towards one verdict."))
    return str(_LEANS[leaning])


def round_lean_sentence(figures: Summary) -> str:
    """The same for one round: what stands out is told as a fact, not yet as a habit."""
    if figures.lean is not None:
        return lean_sentence(figures)
    confusion = figures.confusion
    excess = {v: confusion.column(v) - confusion.row(v) for v in Verdict}
    most = max(excess, key=lambda v: excess[v])
    if excess[most] < NOTABLE_EXCESS:
        return str(gettext("Your verdicts were spread much like those of the files."))
    return str(
        gettext(
            "You said “%(verdict)s” %(said)s ×; in the files it was %(truth)s ×. One round is too "
            "short to call it a habit.",
            verdict=verdict(most).lower(),
            said=confusion.column(most),
            truth=confusion.row(most),
        )
    )


def overconfidence_sentence(figure: Figure) -> str:
    """Confidence against results in plain words; only as sure as the interval allows."""
    interval = figure.interval
    if interval is not None and interval.low > 0:
        return str(gettext("You are surer than your results allow."))
    if interval is not None and interval.high < 0:
        return str(gettext("Your answers are right more often than you dare to say."))
    return str(gettext("Your confidence fits your answers, as far as can be told."))


_CLASS_LEANS: Mapping[Lean, LazyString] = {
    Lean.TRUE: _("The class says “true” too often: does the file really say so?"),
    Lean.FALSE: _(
        "The class says “false” too often: doubt is good, but what does the file support?"
    ),
    Lean.UNVERIFIED: _("The class says “unverified” too often: the file may settle more."),
    Lean.NONE: _("The class does not lean clearly towards one verdict."),
}


def class_lean_sentence(figures: Summary) -> str:
    """One line on a class's bias."""
    leaning = figures.lean
    if leaning is None:
        return str(gettext("Too few answers to say whether the class leans towards one verdict."))
    return str(_CLASS_LEANS[leaning])


def class_confidence_sentence(figure: Figure) -> str:
    """A class's confidence against its results."""
    interval = figure.interval
    if interval is not None and interval.low > 0:
        return str(gettext("It is surer than its results allow."))
    if interval is not None and interval.high < 0:
        return str(gettext("It is right more often than it dares to say."))
    return str(gettext("Its confidence fits its answers, as far as can be told."))
