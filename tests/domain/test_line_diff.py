"""Which line was which: nothing is matched that differs, and order is kept."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from quiz.domain.line_diff import origins, same_lines

LINES = st.lists(st.sampled_from(["", "a", "b", "c", "d", "e", "f"]), max_size=12)


def test_lines_put_in_are_nobodys_and_the_rest_stay_what_they_were() -> None:
    assert same_lines(["a", "b"], ["x", "a", "y", "b", "z"]) == [None, 0, None, 1, None]


def test_repeated_lines_follow_their_neighbours() -> None:
    assert same_lines(["a", "", "b", "", "c"], ["b", "", "c"]) == [2, 3, 4]


def test_a_moved_line_is_matched_only_where_order_allows() -> None:
    assert same_lines(["a", "b", "c", "d"], ["d", "a", "b", "c"]) == [None, 0, 1, 2]


def test_a_changed_line_comes_from_the_one_in_its_place() -> None:
    assert origins(["a", "b", "c"], ["a", "B", "c"]) == [0, 1, 2]
    assert origins(["a", "b", "c"], ["a", "B", "BB", "c"]) == [0, 1, 1, 2]
    assert origins(["a", "c"], ["a", "b", "c"]) == [0, None, 1]


def test_nothing_comes_of_nothing() -> None:
    assert same_lines([], ["a"]) == [None]
    assert origins(["a"], []) == []


@given(LINES, LINES)
def test_only_equal_lines_are_matched_in_order(old: list[str], new: list[str]) -> None:
    same = same_lines(old, new)
    assert len(same) == len(new)
    assert all(old[i] == new[j] for j, i in enumerate(same) if i is not None)
    found = [i for i in same if i is not None]
    assert all(one < other for one, other in pairwise(found))
    sources = [i for i in origins(old, new) if i is not None]
    assert all(one <= other for one, other in pairwise(sources))
    assert all(0 <= i < len(old) for i in sources)


@given(LINES)
def test_a_text_is_itself(lines: list[str]) -> None:
    assert same_lines(lines, lines) == list(range(len(lines)))
