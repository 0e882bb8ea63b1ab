"""The table of rules: what each demands, and what is wrong with quotes that do not meet it."""

from __future__ import annotations

from itertools import combinations

import pytest

from quiz.content.writing.language_rules import language_rules
from quiz.domain.verdict import RULES, Fault, Rule, Stance, Verdict, fault_of
from tests.shipped import SHIPPED

LETTERS = {"T": Verdict.TRUE, "F": Verdict.FALSE, "U": Verdict.UNVERIFIED}
SUPPORTS, REFUTES, HEDGES, NEAREST = Stance
EVERY_CHOICE = [set(some) for n in range(1, 5) for some in combinations(Stance, n)]


@pytest.mark.parametrize("rule", Rule)
def test_a_rule_has_the_verdict_of_its_first_letter(rule: Rule) -> None:
    assert rule.verdict is LETTERS[rule.value[0]]


@pytest.mark.parametrize("rule", Rule)
def test_its_usual_stance_is_right_where_one_quote_is_enough(rule: Rule) -> None:
    found = fault_of(rule, [RULES[rule].usual_stance])
    assert found is (Fault.TOO_FEW if rule is Rule.U6 else None)


@pytest.mark.parametrize(
    ("rule", "stances", "fault"),
    [
        (Rule.T1, {SUPPORTS, NEAREST}, None),
        (Rule.T1, {HEDGES}, Fault.LACKING),
        (Rule.T1, {NEAREST}, Fault.SILENT),
        (Rule.T1, {SUPPORTS, REFUTES}, Fault.EXCLUDED),
        (Rule.F1, {REFUTES, SUPPORTS}, Fault.EXCLUDED),
        (Rule.F1, {REFUTES, HEDGES}, None),
        (Rule.U3, {SUPPORTS, HEDGES}, None),
        (Rule.U3, {SUPPORTS}, Fault.LACKING),
        (Rule.U5, {NEAREST, HEDGES}, Fault.SETTLED),
        (Rule.U6, {SUPPORTS, REFUTES}, None),
        (Rule.U6, {SUPPORTS, NEAREST}, Fault.TOO_FEW),
        (Rule.U6, {NEAREST}, Fault.SILENT),
    ],
)
def test_what_is_wrong_with_the_stances(
    rule: Rule, stances: set[Stance], fault: Fault | None
) -> None:
    assert fault_of(rule, stances) is fault


def test_silence_alone_is_never_a_true_or_a_false() -> None:
    settled = [rule for rule in Rule if fault_of(rule, [NEAREST]) is None]
    assert settled == [Rule.U5]


@pytest.mark.parametrize("stances", EVERY_CHOICE, ids=lambda stances: "+".join(sorted(stances)))
def test_some_rule_fits_whatever_the_quotes_say(stances: set[Stance]) -> None:
    assert any(fault_of(rule, stances) is None for rule in Rule)


def test_the_usual_skills_are_in_the_taxonomy() -> None:
    assert {skill for demands in RULES.values() for skill in demands.skills} <= set(
        SHIPPED.taxonomy.skills
    )


@pytest.mark.parametrize("language", ["fr", "en", "any"])
def test_a_suggestion_trains_what_its_rule_usually_trains(language: str) -> None:
    for cue in language_rules(language).cues:
        assert set(cue.skills) & set(RULES[cue.rule].skills), cue.kind
