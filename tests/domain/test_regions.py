"""Regions cover the text without gaps, whatever is marked, and lose no note."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from quiz.domain.question_set import Region, RegionKind
from quiz.domain.quote import Span
from quiz.domain.regions import joined, mark, note, whole, whole_lines

ARTICLE, COMMENTS, CAPTION = RegionKind.ARTICLE, RegionKind.COMMENTS, RegionKind.CAPTION
TEXT = "Boats burn\n\nA crane fell.\nNobody was hurt.\n\nAnn: really?\nBob: yes."
TEXTS = st.text(alphabet="ab é\n\r\u2028👩", min_size=1, max_size=60)
SPANS = st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda pair: Span(*sorted(pair)))
MARKS = st.lists(st.tuples(SPANS, st.sampled_from(RegionKind)), max_size=6)
NOTES = st.none() | st.sampled_from(["one", "two"]).map(lambda word: {"en": word})


def place(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start, start + len(words))


def shown(regions: tuple[Region, ...], text: str = TEXT) -> list[tuple[str, str]]:
    return [(r.kind.value, text[r.span.start : r.span.end]) for r in regions]


def covers(regions: tuple[Region, ...], text: str) -> bool:
    inner = all(one.span.end == other.span.start for one, other in pairwise(regions))
    ends = regions[0].span.start == 0 and regions[-1].span.end == len(text)
    return inner and ends and all(r.span.start < r.span.end for r in regions)


def test_a_selection_inside_a_line_marks_the_whole_line_and_the_blank_ones_behind() -> None:
    assert shown(mark(whole(TEXT), place("oats bur"), RegionKind.HEADLINE, TEXT)) == [
        ("headline", "Boats burn\n\n"),
        ("article", "A crane fell.\nNobody was hurt.\n\nAnn: really?\nBob: yes."),
    ]


def test_what_is_left_of_a_region_keeps_its_kind_on_both_sides() -> None:
    assert shown(mark(whole(TEXT), place("crane"), CAPTION, TEXT)) == [
        ("article", "Boats burn\n\n"),
        ("caption", "A crane fell.\n"),
        ("article", "Nobody was hurt.\n\nAnn: really?\nBob: yes."),
    ]


def test_neighbours_of_one_kind_become_one_region() -> None:
    once = mark(whole(TEXT), place("Ann"), COMMENTS, TEXT)
    assert shown(mark(once, place("Bob"), COMMENTS, TEXT))[1:] == [
        ("comments", "Ann: really?\nBob: yes.")
    ]
    assert mark(once, place("Ann"), ARTICLE, TEXT) == whole(TEXT)


def test_a_selection_of_white_space_changes_nothing() -> None:
    assert mark(whole(TEXT), place("\n\n"), COMMENTS, TEXT) == whole(TEXT)
    assert mark(whole(TEXT), Span(3, 3), COMMENTS, TEXT) == whole(TEXT)


def test_a_note_is_kept_when_its_region_is_cut_grows_or_is_marked_again() -> None:
    answers = mark(whole(TEXT), place("Ann: really?\nBob"), COMMENTS, TEXT)
    noted = note(answers, TEXT.index("Ann"), {"en": "Hm."})
    assert [r.note for r in noted] == [None, {"en": "Hm."}]
    grown = mark(noted, place("hurt"), COMMENTS, TEXT)
    assert [(r.kind, r.note) for r in grown] == [(ARTICLE, None), (COMMENTS, {"en": "Hm."})]
    again = mark(grown, Span(0, len(TEXT)), COMMENTS, TEXT)
    assert [r.note for r in again] == [{"en": "Hm."}]
    cut = mark(grown, place("Ann"), CAPTION, TEXT)
    assert [r.note for r in cut] == [None, {"en": "Hm."}, None, {"en": "Hm."}]


def test_neighbours_with_different_notes_stay_two() -> None:
    one = Region(ARTICLE, Span(0, 2), {"en": "one"})
    assert len(joined([one, Region(ARTICLE, Span(2, 4), {"en": "two"})])) == 2
    assert len(joined([one, Region(ARTICLE, Span(2, 4))])) == 1


def test_a_note_where_no_region_begins_changes_nothing() -> None:
    assert note(whole(TEXT), 4, {"en": "Hm."}) == whole(TEXT)
    assert note(note(whole(TEXT), 0, {"en": "Hm."}), 0, None) == whole(TEXT)


@given(TEXTS, MARKS, NOTES)
def test_regions_cover_the_text_whatever_is_marked(
    text: str, marks: list[tuple[Span, RegionKind]], words: dict[str, str] | None
) -> None:
    regions = note(whole(text), 0, words)
    for span, kind in marks:
        regions = mark(regions, span, kind, text)
        assert covers(regions, text)
        lines = whole_lines(span, text)
        if lines is not None:
            inside = [r for r in regions if r.span.overlaps(lines)]
            assert {r.kind for r in inside} == {kind}
    for one, other in pairwise(regions):
        assert one.kind is not other.kind or one.note != other.note


@given(TEXTS, SPANS)
def test_marked_lines_are_whole_and_hold_what_was_selected(text: str, span: Span) -> None:
    lines = whole_lines(span, text)
    selected = text[span.start : span.end].strip()
    assert (lines is None) == (not selected)
    if lines is not None:
        assert selected in text[lines.start : lines.end]
        assert lines.start == 0 or text[lines.start - 1] == "\n"
        assert lines.end == len(text) or text[lines.end - 1] == "\n"
        assert not text[lines.end :].startswith("\n")
