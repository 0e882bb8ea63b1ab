"""The three verdicts, and the rubric's rules that lead to them."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """What the documents say of a claim. UNVERIFIED is about the evidence, not the player."""

    TRUE = "true"
    FALSE = "false"
    UNVERIFIED = "unverified"


class Rule(StrEnum):
    """The rubric's code behind a verdict; its first letter decides which verdict it can carry."""

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
        return _VERDICT_OF_LETTER[self.value[0]]


class Stance(StrEnum):
    """How a quote bears on the claim. NEAREST is the closest passage of a file that is silent."""

    SUPPORTS = "supports"
    REFUTES = "refutes"
    HEDGES = "hedges"
    NEAREST = "nearest"


_VERDICT_OF_LETTER = {"T": Verdict.TRUE, "F": Verdict.FALSE, "U": Verdict.UNVERIFIED}
