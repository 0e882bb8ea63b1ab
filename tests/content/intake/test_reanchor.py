"""A new text: quotes stand, need more context or are lost; regions go with their lines."""

from __future__ import annotations

import time
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from quiz.content.intake.reanchor import Anchored, Anchoring, carry_regions, reanchor
from quiz.domain.question_set import Region, RegionKind
from quiz.domain.quote import Quote, Span, locate
from quiz.domain.regions import mark, note, whole

OLD = (
    "Fire in the harbour\n\nA crane fell on Monday. Nobody was hurt.\n"
    "The mayor spoke of luck.\n\nComments\nAnn: Nobody was hurt."
)
ANY = st.text(alphabet="ab é\n👩“", max_size=80)
PARAGRAPHS = st.lists(
    st.text(alphabet="abcdé ,.", min_size=4, max_size=30).map(str.strip).filter(bool),
    min_size=1,
    max_size=8,
    unique=True,
)


def quote(words: str, prefix: str = "") -> Quote:
    return Quote(words, prefix)


def regions_of(text: str, *marks: tuple[str, RegionKind]) -> tuple[Region, ...]:
    regions = whole(text)
    for words, kind in marks:
        start = text.index(words)
        regions = mark(regions, Span(start, start + len(words)), kind, text)
    return regions


REGIONS = regions_of(
    OLD,
    ("Fire", RegionKind.HEADLINE),
    ("Comments", RegionKind.COMMENTS),
    ("Ann", RegionKind.COMMENTS),
)


def test_a_quote_that_stands_once_stands() -> None:
    asked = quote("A crane fell on Monday.")
    assert reanchor(asked, OLD, f"Note.\n{OLD}") == Anchored(Anchoring.STANDS, asked)


def test_a_quote_that_now_stands_twice_gets_the_context_of_its_old_line() -> None:
    asked = quote("The mayor spoke of luck.")
    new = OLD.replace("Comments", "Comments\nBob: The mayor spoke of luck.")
    found = reanchor(asked, OLD, new)
    assert found.kind is Anchoring.NEEDS_CONTEXT
    assert found.quote is not None
    place = locate(found.quote, new)
    assert place is not None
    assert place.start == new.index("The mayor")


def test_a_prefix_that_is_gone_is_replaced_or_dropped() -> None:
    asked = quote("Nobody was hurt.", "Monday. ")
    without = OLD.replace("Monday. ", "Tuesday. ")
    assert reanchor(asked, OLD, without).quote == quote("Nobody was hurt.", "Tuesday. ")
    alone = reanchor(asked, OLD, "It burnt on Tuesday. Nobody was hurt.")
    assert alone == Anchored(Anchoring.NEEDS_CONTEXT, quote("Nobody was hurt."))


def test_a_changed_quote_is_lost_and_the_nearest_passage_is_shown_in_whole_words() -> None:
    new = OLD.replace("fell on Monday", "collapsed on Tuesday")
    found = reanchor(quote("A crane fell on Monday."), OLD, new)
    assert found.kind is Anchoring.LOST
    assert found.quote is None
    assert found.nearest is not None
    assert found.nearest in new
    assert "Tuesday" in found.nearest


def test_a_quote_without_anything_like_it_has_no_nearest_passage() -> None:
    assert reanchor(quote("A crane fell."), OLD, "Zzz qqq xxx www yyy.").nearest is None
    assert reanchor(quote("A crane fell."), OLD, "") == Anchored(Anchoring.LOST, None)


def test_regions_go_with_their_lines() -> None:
    new = OLD.replace("Fire in", "Big fire in").replace("Nobody was hurt.\n", "All is well.\n")
    new = new.replace("The mayor", "It rained.\nThe mayor").replace("Ann:", "Ann (14):")
    carried = carry_regions(OLD, REGIONS, new)
    assert [(r.kind.value, new[r.span.start : r.span.end]) for r in carried] == [
        ("headline", "Big fire in the harbour\n\n"),
        ("article", new[new.index("A crane") : new.index("Comments")]),
        ("comments", "Comments\nAnn (14): Nobody was hurt."),
    ]


def test_a_line_put_in_beside_the_article_is_of_the_article() -> None:
    new = OLD.replace("harbour\n\n", "harbour\n\nBy Eve\n\n")
    carried = carry_regions(OLD, REGIONS, new)
    (article,) = [r for r in carried if r.kind is RegionKind.ARTICLE]
    assert new[article.span.start : article.span.end].startswith("By Eve")


def test_notes_and_regions_that_begin_inside_a_line_are_carried() -> None:
    text = "Top. Share this\nEnd."
    regions = (
        Region(RegionKind.ARTICLE, Span(0, 5)),
        Region(RegionKind.FURNITURE, Span(5, 16), {"en": "A button."}),
        Region(RegionKind.ARTICLE, Span(16, 20)),
    )
    carried = carry_regions(text, regions, f"New.\n{text}")
    assert [(r.span, r.note) for r in carried][1] == (Span(10, 21), {"en": "A button."})


def test_an_unchanged_text_keeps_its_regions() -> None:
    noted = note(REGIONS, 0, {"en": "Hm."})
    assert carry_regions(OLD, noted, OLD) == noted


def test_a_text_of_many_equal_lines_takes_no_long_time() -> None:
    old, new = "a\n" * 100_000, "b\na\n" * 50_000
    began = time.thread_time()
    carry_regions(old, whole(old), new)
    reanchor(quote("a", "zz"), old, new)
    assert time.thread_time() - began < 5


@given(ANY, ANY, ANY, ANY, ANY)
def test_nothing_is_ever_raised_and_what_stands_stands_once(
    exact: str, prefix: str, suffix: str, old: str, new: str
) -> None:
    found = reanchor(Quote(exact, prefix, suffix), old, new)
    assert (found.quote is None) == (found.kind is Anchoring.LOST)
    if found.quote is not None:
        assert found.quote.exact == exact
        assert locate(found.quote, new) is not None
    if found.nearest is not None:
        assert found.nearest in new


@given(PARAGRAPHS, PARAGRAPHS, st.data())
def test_a_quote_of_an_unchanged_paragraph_never_gets_lost(
    before: list[str], others: list[str], data: st.DataObject
) -> None:
    kept = data.draw(st.sampled_from(before))
    around = [line for line in others if line != kept]
    at = data.draw(st.integers(0, len(around)))
    old, new = "\n".join(before), "\n".join([*around[:at], kept, *around[at:]])
    asked = Quote(kept)
    found = reanchor(asked, old, new)
    assert found.quote is not None
    assert found.quote.exact == kept
    if new.count(kept) == 1:
        assert found == Anchored(Anchoring.STANDS, asked)


@given(ANY, ANY, st.lists(st.tuples(st.integers(0, 80), st.sampled_from(RegionKind)), max_size=4))
def test_carried_regions_cover_the_new_text(
    old: str, new: str, marks: list[tuple[int, RegionKind]]
) -> None:
    regions = whole(old)
    for at, kind in marks:
        regions = mark(regions, Span(at, at + 1), kind, old)
    carried = carry_regions(old, regions, new)
    assert "".join(new[r.span.start : r.span.end] for r in carried) == new
    assert all(one.span.end == other.span.start for one, other in pairwise(carried))
