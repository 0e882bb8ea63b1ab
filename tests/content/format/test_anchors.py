"""A quote that does not stand exactly once comes with a proposal that does."""

from __future__ import annotations

import re

from hypothesis import assume, given
from hypothesis import strategies as st

from quiz.content.format.anchors import anchor_trouble, nearest_passage, unique_context
from quiz.domain.quote import Quote, locate, occurrences

TEXT = (
    "Selon Axios, l’appel est prévu.\n"
    "Image générée par IA\n"
    "Selon le Guardian, l’appel est «\u00a0possible\u00a0».\n"
    "Image générée par IA\n"
)
words = st.text("ab ", min_size=1, max_size=40)


def trouble(quote: Quote, text: str = TEXT) -> tuple[str, str]:
    found = anchor_trouble(quote, text, "note.txt")
    assert found is not None
    return found


def test_a_quote_that_stands_once_is_no_trouble() -> None:
    assert anchor_trouble(Quote("Selon Axios"), TEXT, "note.txt") is None
    assert anchor_trouble(Quote("Selon", suffix=" le"), TEXT, "note.txt") is None


def test_a_quote_that_is_not_found_gets_the_nearest_passage_word_for_word() -> None:
    message, fix = trouble(Quote("Selon le Gardian, l’appel est «\u00a0possible\u00a0»"))
    assert message == "the quote is not found in note.txt"
    assert "“Selon le Guardian, l’appel est «\u00a0possible\u00a0»" in fix


def test_look_alikes_are_named_because_they_cannot_be_seen() -> None:
    _, fix = trouble(Quote("l'appel est prévu"))
    assert "“l’appel est prévu”" in fix
    assert "only apostrophes" in fix
    _, fix = trouble(Quote("« possible »"))
    assert "non-breaking spaces differ" in fix


def test_a_quote_unlike_anything_gets_no_passage() -> None:
    assert "copy the passage" in trouble(Quote("xyz 123 xyz 123 xyz"))[1]


def test_a_quote_longer_than_the_text_is_not_compared() -> None:
    assert "copy the passage" in nearest_passage(TEXT * 3, TEXT)


def test_a_huge_quote_is_not_compared_at_all() -> None:
    assert nearest_passage("a" * 100_000, "b" * 100_000) == (
        "shorten it to the clause that settles the claim"
    )


def test_a_quote_found_twice_gets_a_context_for_each_place() -> None:
    message, fix = trouble(Quote("Image générée par IA"))
    assert message == "the quote stands 2 times in note.txt"
    assert 'prefix: "prévu.\\n" for the one on line 2' in fix
    assert 'prefix: "».\\n" for the one on line 4' in fix


def test_where_no_prefix_helps_a_suffix_is_proposed() -> None:
    assert (
        'suffix: " Axios" for the one on line 1' in trouble(Quote("Selon"), "Selon Axios Selon")[1]
    )


def test_quotation_marks_in_a_proposal_are_escaped_for_yaml() -> None:
    _, fix = trouble(Quote("oui"), 'a dit "oui b oui')
    assert 'prefix: "\\"" for the one on line 1' in fix


def test_a_prefix_that_does_not_fit_is_dropped_when_the_quote_stands_once() -> None:
    message, fix = trouble(Quote("prévu", prefix="sera "))
    assert "prefix or suffix does not stand next to it" in message
    assert fix == "delete prefix: the quote alone stands once"


def test_a_prefix_that_does_not_fit_is_replaced_when_the_quote_stands_twice() -> None:
    message, fix = trouble(Quote("Image générée par IA", prefix="sera "))
    assert "prefix or suffix does not stand next to it" in message
    assert fix.startswith("give it prefix: ")


@given(words, st.data())
def test_a_proposed_context_always_makes_the_quote_unique(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quote = Quote(text[start:end])
    for place in occurrences(quote, text):
        proposal = unique_context(quote, place, text)
        if proposal is not None:
            assert locate(proposal, text) == place
            assert proposal.exact == quote.exact


@given(words, words)
def test_trouble_is_found_exactly_when_a_quote_has_no_one_place(exact: str, text: str) -> None:
    quote = Quote(exact)
    assert (anchor_trouble(quote, text, "note.txt") is None) == (locate(quote, text) is not None)


@given(st.text(min_size=5, max_size=30), st.text(max_size=60))
def test_the_nearest_passage_is_verbatim(quote: str, text: str) -> None:
    assume(text.isprintable())
    found = re.match(
        r"the nearest passage is “(.*)”(?: \(only .*\))?$", nearest_passage(quote, text)
    )
    if found:
        assert found[1] in text
