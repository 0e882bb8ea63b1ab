"""The words of the rubric, as players and trainers read them: verdicts, rules, skills and steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .question_set import Text
from .verdict import Rule, Verdict


@dataclass(frozen=True, slots=True)
class VerdictEntry:
    """A verdict's name ("True"), what it says of the file, and the test for choosing it."""

    verdict: Verdict
    name: Text
    meaning: Text
    test: Text


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """A rule's short name, its meaning in one line, and the question that leads to it."""

    rule: Rule
    name: Text
    meaning: Text
    ask: Text


@dataclass(frozen=True, slots=True)
class Skill:
    """What a question trains. Shown only after the answer: several skills give the verdict away."""

    code: str
    name: Text
    definition: Text
    tip: Text


@dataclass(frozen=True, slots=True)
class Step:
    """A question to ask of every claim, in order, what follows, and the rules it can lead to."""

    ask: Text
    then: Text
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The whole rubric, in the order in which it is shown. Empty when its file cannot be read."""

    verdicts: Mapping[Verdict, VerdictEntry] = field(default_factory=dict)
    rules: Mapping[Rule, RuleEntry] = field(default_factory=dict)
    skills: Mapping[str, Skill] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
