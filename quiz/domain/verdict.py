"""The three verdicts, and the rubric's rules that lead to them: what each demands of a question."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum, auto


class Verdict(StrEnum):
    """What the documents say of a claim. UNVERIFIED is about the evidence, not the player."""

    TRUE = "true"
    FALSE = "false"
    UNVERIFIED = "unverified"


class Stance(StrEnum):
    """How a quote bears on the claim. NEAREST is the closest passage of a file that is silent."""

    SUPPORTS = "supports"
    REFUTES = "refutes"
    HEDGES = "hedges"
    NEAREST = "nearest"


class Rule(StrEnum):
    """The rubric's code behind a verdict; RULES says what it demands."""

    T1 = "T1"
    T2 = "T2"
    T3 = "T3"
    F1 = "F1"
    F2 = "F2"
    F3 = "F3"
    U1 = "U1"
    U2 = "U2"
    U3 = "U3"
    U4 = "U4"
    U5 = "U5"
    U6 = "U6"
    U7 = "U7"
    U8 = "U8"

    @property
    def verdict(self) -> Verdict:
        """The one verdict this rule can carry."""
        return RULES[self].verdict


@dataclass(frozen=True, slots=True)
class Demands:
    """What a rule demands of a question.

    stances: those that settle the claim under this rule, the usual one first. quotes: how many of
    them, each of another quote, there are at least. excludes: the stance that speaks for another
    rule. skills: codes of what such a question usually trains, the main one first.
    """

    verdict: Verdict
    stances: tuple[Stance, ...]
    skills: tuple[str, ...]
    quotes: int = 1
    excludes: Stance | None = None
    is_about_page: bool = False
    """Quotes from the page around the article are in their place."""
    goes_beyond_quotes: bool = False
    """What it is about does not stand in the quotes: the whole document, a limit, silence."""
    is_wordless: bool = False
    """The explanation may take up no word of a quote: it points at a page, or at nothing."""

    @property
    def usual_stance(self) -> Stance:
        """How a quote usually bears on the claim."""
        return self.stances[0]

    @property
    def is_silence(self) -> bool:
        """Whether the rule is that no document settles the claim: then no quote may."""
        return self.stances == (Stance.NEAREST,)


class Fault(StrEnum):
    """What is wrong with the stances of a question's quotes, by its rule."""

    SETTLED = auto()
    """A quote settles the claim, under a rule that says none does."""
    SILENT = auto()
    """No quote settles it, under a rule that says one does."""
    TOO_FEW = auto()
    """There are quotes for one side only."""
    LACKING = auto()
    """None has a stance that the rule demands."""
    EXCLUDED = auto()
    """A quote speaks for another rule; not wrong for sure."""


def fault_of(rule: Rule, stances: Collection[Stance]) -> Fault | None:
    """What is wrong with the stances of all quotes of a question, at least one; None if nothing."""
    demands, given = RULES[rule], set(stances)
    settling = given.intersection(demands.stances)
    if demands.is_silence:
        return None if given == settling else Fault.SETTLED
    if given == {Stance.NEAREST}:
        return Fault.SILENT
    if len(settling) < demands.quotes:
        return Fault.LACKING if demands.quotes == 1 else Fault.TOO_FEW
    return Fault.EXCLUDED if demands.excludes in given else None


def _true(*skills: str, is_about_page: bool = False) -> Demands:
    return Demands(
        Verdict.TRUE,
        (Stance.SUPPORTS,),
        skills,
        excludes=Stance.REFUTES,
        is_about_page=is_about_page,
        goes_beyond_quotes=is_about_page,
        is_wordless=is_about_page,
    )


def _false(*skills: str, is_about_page: bool = False, goes_beyond_quotes: bool = False) -> Demands:
    return Demands(
        Verdict.FALSE,
        (Stance.REFUTES,),
        skills,
        excludes=Stance.SUPPORTS,
        is_about_page=is_about_page,
        goes_beyond_quotes=goes_beyond_quotes,
    )


def _hedged(*skills: str) -> Demands:
    return Demands(Verdict.UNVERIFIED, (Stance.HEDGES,), skills)


RULES: Mapping[Rule, Demands] = {
    Rule.T1: _true("close_reading", "corroboration"),
    Rule.T2: _true("attribution_chain", "close_reading"),
    Rule.T3: _true("close_reading", "page_boundary", "ai_content", is_about_page=True),
    Rule.F1: _false("altered_detail", "number_check", "close_reading", "as_of_date"),
    Rule.F2: _false("misattribution", "page_boundary", "attribution_chain", is_about_page=True),
    Rule.F3: _false("missing_context", "overgeneralisation", goes_beyond_quotes=True),
    Rule.U1: _hedged("unconfirmed_flag", "impersonation"),
    Rule.U2: _hedged("anonymous_source", "corroboration", "false_corroboration"),
    Rule.U3: _hedged("fact_vs_opinion", "motive_causation", "loaded_language"),
    Rule.U4: _hedged("prediction_speculation"),
    Rule.U5: Demands(
        Verdict.UNVERIFIED,
        (Stance.NEAREST,),
        ("silence_of_source", "attribution_chain"),
        goes_beyond_quotes=True,
        is_wordless=True,
    ),
    Rule.U6: Demands(
        Verdict.UNVERIFIED,
        (Stance.HEDGES, Stance.SUPPORTS, Stance.REFUTES),
        ("source_conflict", "corroboration"),
        quotes=2,
    ),
    Rule.U7: _hedged("untraceable_quote", "attribution_chain"),
    Rule.U8: _hedged("allegation", "attribution_chain"),
}
"""The rubric as a table: checks, lints, the editor, suggestions, the guide and the schema go by it.

Their names and meanings, in both languages, are in questions/taxonomy.yaml.
"""
