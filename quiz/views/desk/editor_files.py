"""The documents beside a question: sentences to point at, what is quoted, what is worth a claim."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...content.writing.proper_names import names_in
from ...content.writing.suggest import Suggestion, ranked, starter_claim, suggestions
from ...content.writing.variants import variants
from ...domain.fields import evidence_key
from ...domain.question_set import Draft, SourceDocument
from ...domain.quote import Span
from ...domain.sentences import sentences
from ...services.desk.quoting import placed
from ...services.library.passages import Mark, MarkedRun, Paragraph, paragraphs, segments

MOST_SUGGESTIONS = 40
MOST_VARIANTS = 8


@dataclass(frozen=True, slots=True)
class DrawnSentence:
    """A sentence as it is drawn: its runs of text, and the white space before it."""

    gap: str
    span: Span
    runs: tuple[MarkedRun, ...]
    is_suggested: bool


@dataclass(frozen=True, slots=True)
class DrawnParagraph:
    """A paragraph as it is drawn."""

    paragraph: Paragraph
    sentences: tuple[DrawnSentence, ...]


@dataclass(frozen=True, slots=True)
class File:
    """A document beside the question."""

    document: SourceDocument
    lines: tuple[DrawnParagraph, ...]
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class Start:
    """A first text for the claim: the passage itself, or a near miss that alters one thing."""

    language: str
    text: str
    before: str = ""
    after: str | None = None


def files(
    documents: Mapping[str, SourceDocument],
    now: Draft,
    neighbours: Sequence[tuple[Draft, str, str]],
) -> list[File]:
    """The documents, with this question's quotes marked and those of its neighbours linked.

    A neighbour is a question with its number in the set and its address.
    """
    made = []
    for slug, document in documents.items():
        only = {slug: document}
        marks = [
            Mark(span, id=f"quote-{evidence_key(evidence)}")
            for _, evidence, span in placed([now], only)
        ]
        for draft, number, address in neighbours:
            marks += [Mark(span, number, address) for _, _, span in placed([draft], only)]
        best = ranked(suggestions(document))[:MOST_SUGGESTIONS]
        lines = tuple(_lines(document, marks, [one.span for one in best]))
        made.append(File(document, lines, best))
    return made


def starts(documents: Mapping[str, SourceDocument], now: Draft) -> list[Start]:
    """Texts to begin the claim with, from the first quote that stands in its document."""
    first = next(placed([now], documents), None)
    if first is None:
        return []
    _, evidence, span = first
    document = documents[evidence.document]
    language = document.language
    found = [one for one in suggestions(document) if one.span.overlaps(span)]
    text = starter_claim(found[0], language) if found else evidence.quote.exact
    near = variants(text, language, names_in(document))[:MOST_VARIANTS]
    return [
        Start(language, text),
        *(Start(language, one.sentence, one.before, one.after) for one in near),
    ]


def _lines(
    document: SourceDocument, marks: Sequence[Mark], suggested: Sequence[Span]
) -> Iterator[DrawnParagraph]:
    for paragraph in paragraphs(document):
        offset = paragraph.span.start
        near = [mark for mark in marks if mark.span.overlaps(paragraph.span)]
        drawn, at = [], offset
        for found in sentences(paragraph.text):
            span = Span(offset + found.start, offset + found.end)
            text = document.text[span.start : span.end]
            runs = segments(Paragraph(span, text, paragraph.region, False), near)
            is_suggested = any(span.overlaps(one) for one in suggested)
            drawn.append(DrawnSentence(document.text[at : span.start], span, runs, is_suggested))
            at = span.end
        yield DrawnParagraph(paragraph, tuple(drawn))
