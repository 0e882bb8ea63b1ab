"""The life of a set: which step leads where, and that there is no other."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.domain import set_life
from quiz.domain.set_life import IllegalStep, SetStage, SetStep, steps, take


def documented() -> dict[tuple[SetStage, SetStep], SetStage]:
    """The table in the module's docstring: what it does not name is illegal."""
    assert set_life.__doc__ is not None
    lines = [line.split() for line in set_life.__doc__.splitlines() if line.startswith("    ")]
    head, *rows = lines
    return {
        (SetStage(stage), SetStep(step)): SetStage(cell)
        for stage, *cells in rows
        for step, cell in zip(head[1:], cells, strict=True)
        if cell != "·"
    }


LEGAL = documented()


@pytest.mark.parametrize(("stage", "step"), list(product(SetStage, SetStep)))
def test_every_step_leads_where_the_table_says_and_the_others_are_refused(
    stage: SetStage, step: SetStep
) -> None:
    if (stage, step) in LEGAL:
        assert take(stage, step) is LEGAL[stage, step]
    else:
        with pytest.raises(IllegalStep, match=f"{step.value} in {stage.value}"):
            take(stage, step)


@given(st.lists(st.sampled_from(SetStep), max_size=12))
def test_from_a_draft_what_is_listed_is_legal_and_nothing_else(path: list[SetStep]) -> None:
    stage = SetStage.DRAFT
    for step in path:
        if step in steps(stage):
            stage = take(stage, step)
        else:
            with pytest.raises(IllegalStep):
                take(stage, step)


def test_every_stage_is_reached_and_none_is_the_end() -> None:
    reached, new = {SetStage.DRAFT}, {SetStage.DRAFT}
    while new:
        new = {take(stage, step) for stage in new for step in steps(stage)} - reached
        reached |= new
    assert reached == set(SetStage)
    assert all(steps(stage) for stage in SetStage)


def test_nothing_is_published_but_by_publishing() -> None:
    assert {step for (_, step), to in LEGAL.items() if to is SetStage.PUBLISHED} == {
        SetStep.PUBLISH
    }


def test_an_archived_set_comes_back_as_a_draft() -> None:
    assert steps(SetStage.ARCHIVED) == {SetStep.RESTORE}
    assert take(SetStage.ARCHIVED, SetStep.RESTORE) is SetStage.DRAFT
