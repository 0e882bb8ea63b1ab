"""Questions, sets and documents that a file may hold, with the strangest texts there can be."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from quiz.domain.question_set import (
    Disclosure,
    Evidence,
    Question,
    QuestionSet,
    Region,
    RegionKind,
    SourceDocument,
)
from quiz.domain.quote import Quote, Span, locate
from quiz.domain.verdict import Rule, Stance, Verdict

NASTY = [
    *("no", "null", "NULL", "~", "1", "1.0", "true", "2026-01-01", "- a", "? a", "a: b", "a:", ":"),
    *("# a", "a # b", "'a'", '"a"', "[a, b]", "{a: b}", "a, b", "&a", "*a", "!a", "%a", "@a", "`a"),
    *("|", ">-", "---", "...", "a\n\nb", "a\r\nb", "a\rb", "a\tb", "\\n", "a\x85b", "a\u2028b"),
    *("\xa0", "a\xa0:\xa0b", "\ufeff", "a  b", "« a » : b", "a\u202eb", "\ufffe", "\U0010ffff"),
    *("👩‍🚀", "é", "e\u0301", "漢字", "x" * 2_000, "word " * 400 + "end", "=1+1", "'=1", "''-x"),
    *("_x000D_", "_x005F_", "a;b", "<b>", "]]>", "\x7f", "\x9c", "a" + " " * 90 + "b", "'", "''"),
]

characters = st.characters(
    exclude_categories=["Cs"],
    exclude_characters=[chr(code) for code in range(32) if chr(code) not in "\t\r\n"],
)
verbatim = st.one_of(st.sampled_from(NASTY), st.text(characters, min_size=1, max_size=60))
prose = st.one_of(st.sampled_from(NASTY), st.text(characters, max_size=60)).map(str.strip)
prose = prose.filter(bool)
slugs = st.from_regex(r"[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,2}", fullmatch=True)
codes = st.from_regex(r"[a-z]{1,9}(_[a-z]{1,9}){0,2}", fullmatch=True)
days = st.dates().map(lambda day: day.isoformat())
both = st.fixed_dictionaries({"fr": prose, "en": prose})
some = st.fixed_dictionaries({}, optional={"fr": prose, "en": prose})
quotes = st.builds(Quote, verbatim, st.just("") | verbatim, st.just("") | verbatim)


def questions(documents: Any = slugs, the_quotes: Any = quotes) -> Any:
    """Questions on some documents."""
    evidence = st.builds(Evidence, documents, the_quotes, st.sampled_from(Stance), some)
    return st.builds(
        Question,
        id=slugs,
        claim=both,
        verdict=st.sampled_from(Verdict),
        rule=st.sampled_from(Rule),
        as_of=days,
        difficulty=st.integers(1, 3),
        skills=st.lists(codes, max_size=3).map(tuple),
        evidence=st.lists(evidence, max_size=3).map(tuple),
        explanation=both,
        files=st.lists(slugs, max_size=2, unique=True).map(tuple),
        contrast=st.none() | slugs,
    )


sets = st.builds(
    QuestionSet,
    slug=slugs,
    title=both,
    summary=both,
    documents=st.lists(slugs, min_size=1, max_size=3).map(tuple),
    questions=st.lists(questions(), min_size=1, max_size=3).map(tuple),
    is_examples=st.booleans(),
)


@st.composite
def documents(draw: Any) -> SourceDocument:
    """A document with regions wherever, a headline and disclosures out of its text."""
    text = draw(st.lists(verbatim, min_size=1, max_size=6).map(" ".join))
    text = text.lstrip("\ufeff") or "a"
    cuts = draw(st.lists(st.integers(1, len(text)), max_size=4, unique=True))
    ends = sorted({*cuts, len(text)})
    regions = tuple(
        Region(draw(st.sampled_from(RegionKind)), Span(start, end), draw(st.none() | both))
        for start, end in zip([0, *ends], ends, strict=False)
    )
    quote = Quote(text[draw(st.integers(0, len(text) - 1)) :])
    return SourceDocument(
        slug=draw(slugs),
        text=text,
        title=draw(both),
        kind=draw(both),
        provenance=draw(both),
        date_note=draw(both),
        language=draw(st.sampled_from(["fr", "en", "no", "de"])),
        regions=regions,
        headline=draw(st.sampled_from([None, text[:30]])),
        publisher=draw(st.none() | prose),
        author=draw(st.none() | prose),
        published=draw(st.sampled_from([None, "2025-01-02", "2025-01-02/2025-02-01"])),
        disclosures=(Disclosure(quote, draw(both)),) if locate(quote, text) else (),
        is_constructed=draw(st.booleans()),
    )
