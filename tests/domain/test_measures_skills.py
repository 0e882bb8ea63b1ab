from __future__ import annotations

from quiz.domain.measures import SkillResult, skill_results, skills_missed
from quiz.domain.measures.interval import Proportion


def answers(**skills: tuple[int, int]) -> list[tuple[list[str], bool]]:
    """So many right and wrong answers to questions of one skill each."""
    return [
        ([key], is_right)
        for key, (right, wrong) in skills.items()
        for is_right in [True] * right + [False] * wrong
    ]


def test_an_answer_counts_for_every_skill_of_its_question() -> None:
    found = skill_results([(["dates", "numbers"], True), (["dates"], False)])
    assert {(s.key, s.right) for s in found} == {
        ("dates", Proportion(1, 2)),
        ("numbers", Proportion(1, 1)),
    }


def test_skills_go_from_weakest_to_strongest_and_those_hardly_met_last() -> None:
    found = skill_results(answers(strong=(5, 0), hardly=(0, 4), weak=(1, 4), middling=(3, 2)))
    assert [s.key for s in found] == ["weak", "middling", "strong", "hardly"]
    assert [s.is_judged for s in found] == [True, True, True, False]


def test_equally_weak_skills_go_by_their_codes() -> None:
    assert [s.key for s in skill_results(answers(b=(1, 4), a=(2, 8)))] == ["a", "b"]


def test_a_round_names_what_was_missed_most_often_then_by_share() -> None:
    found = skills_missed(answers(often=(9, 3), half=(2, 2), all_of_it=(0, 2), fine=(4, 0)))
    assert found == ("often", "all_of_it", "half")


def test_at_most_three_are_named_and_none_without_a_miss() -> None:
    assert skills_missed(answers(d=(0, 1), c=(0, 1), b=(0, 1), a=(0, 1))) == ("a", "b", "c")
    assert skills_missed(answers(a=(3, 0))) == ()
    assert skills_missed([]) == ()


def test_a_class_names_by_share_only_what_it_met_often_enough() -> None:
    found = skills_missed(
        answers(often=(9, 6), weak=(2, 3), hardly=(0, 4), fine=(8, 0)), judged_only=True
    )
    assert found == ("weak", "often")


def test_a_result_tells_its_misses() -> None:
    assert SkillResult("dates", Proportion(2, 7)).missed == 5
