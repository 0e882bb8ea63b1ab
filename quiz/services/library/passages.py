"""Documents cut for the screen: paragraphs with their region, sentences to point at, marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from ...domain.question_set import Region, RegionKind, SourceDocument
from ...domain.quote import Span
from ...domain.sentences import sentences
from .catalogue import Anchor, Revision

SHORT_PARAGRAPH = 160
"""A paragraph below this many characters is shown with its neighbours: a caption says little."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch to highlight, with the id it is linked by."""

    span: Span
    id: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class MarkedRun:
    """A run of text under the same marks, from `start` on."""

    start: int
    text: str
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the document, with the part of the page it belongs to."""

    span: Span
    text: str
    region: Region
    opens_region: bool

    @property
    def is_article(self) -> bool:
        """Whether the author wrote it, as against the page around."""
        return self.region.kind in (RegionKind.ARTICLE, RegionKind.HEADLINE)


@dataclass(frozen=True, slots=True)
class Passage:
    """Some paragraphs of one document, in its order."""

    document: SourceDocument
    paragraphs: tuple[Paragraph, ...]


def paragraphs(document: SourceDocument) -> tuple[Paragraph, ...]:
    """The document's lines that are not blank, cut where a region begins inside a line."""
    found: list[Paragraph] = []
    for region in document.regions:
        opens = True
        start = region.span.start
        for line in document.text[region.span.start : region.span.end].splitlines(keepends=True):
            bare = line.strip()
            if bare:
                at = start + line.index(bare)
                found.append(Paragraph(Span(at, at + len(bare)), bare, region, opens))
                opens = False
            start += len(line)
    return tuple(found)


def passages(revision: Revision) -> tuple[Passage, ...]:
    """The paragraphs around a question's quotes: what a quick round shows before the answer.

    Documents and paragraphs come in their own order, never in that of the evidence, and nothing
    says which sentence is the evidence.
    """
    documents = {a.document.slug: a.document for a in revision.anchors}
    return tuple(
        Passage(document, _around(document, revision, slug))
        for slug, document in sorted(documents.items())
    )


def _around(document: SourceDocument, revision: Revision, slug: str) -> tuple[Paragraph, ...]:
    every = paragraphs(document)
    chosen: set[int] = set()
    for anchor in revision.anchors:
        if anchor.document.slug != slug:
            continue
        hit = [n for n, p in enumerate(every) if p.span.overlaps(anchor.span)]
        chosen.update(hit)
        if sum(len(every[n].text) for n in hit) < SHORT_PARAGRAPH:
            chosen.update(n for n in (hit[0] - 1, hit[-1] + 1) if 0 <= n < len(every))
    return tuple(every[n] for n in sorted(chosen))


@dataclass(frozen=True, slots=True)
class Exhibit:
    """The quotes of one question that stand in the same paragraphs, shown there together.

    `anchors` are numbered as in the question, from 1 on: the reader links to quotes by number.
    """

    document: SourceDocument
    paragraphs: tuple[Paragraph, ...]
    anchors: tuple[tuple[int, Anchor], ...]


def exhibits(revision: Revision) -> tuple[Exhibit, ...]:
    """A question's quotes in their paragraphs, in the order of the evidence."""
    found: dict[tuple[str, Span], Exhibit] = {}
    for number, anchor in enumerate(revision.anchors, start=1):
        document = anchor.document
        context = tuple(p for p in paragraphs(document) if p.span.overlaps(anchor.span))
        place = (document.slug, context[0].span)
        earlier = found.get(place, Exhibit(document, (), ()))
        longer = max(earlier.paragraphs, context, key=len)
        found[place] = Exhibit(document, longer, (*earlier.anchors, (number, anchor)))
    return tuple(found.values())


def marks(exhibit: Exhibit) -> tuple[Mark, ...]:
    """The highlights of an exhibit."""
    return tuple(Mark(anchor.span) for _, anchor in exhibit.anchors)


def segments(paragraph: Paragraph, marks: Iterable[Mark]) -> tuple[MarkedRun, ...]:
    """The paragraph's text cut at the marks' ends; overlapping marks share their segments."""
    inside = [m for m in marks if m.span.overlaps(paragraph.span)]
    edges = {paragraph.span.start, paragraph.span.end}
    for mark in inside:
        edges.add(max(mark.span.start, paragraph.span.start))
        edges.add(min(mark.span.end, paragraph.span.end))
    offset = paragraph.span.start
    return tuple(
        MarkedRun(
            a,
            paragraph.text[a - offset : b - offset],
            tuple(m for m in inside if m.span.start <= a and b <= m.span.end),
        )
        for a, b in pairwise(sorted(edges))
    )


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence a player can point at; `id` is what the form sends, its span what is stored."""

    id: str
    text: str
    span: Span


def sentences_of(document: SourceDocument, paragraph: Paragraph) -> tuple[Sentence, ...]:
    """The paragraph's sentences, numbered through the whole document."""
    return tuple(
        Sentence(f"{document.slug}:{n}", document.text[span.start : span.end], span)
        for n, span in enumerate(_sentence_spans(document))
        if span.overlaps(paragraph.span)
    )


def pointer_to(files: Sequence[SourceDocument], sentence_id: str) -> str | None:
    """The stored pointer "slug:start-end" for a sentence's id; None when there is no such one."""
    slug, _, number = sentence_id.rpartition(":")
    for document in files:
        if document.slug == slug and number.isascii() and number.isdigit():
            spans = _sentence_spans(document)
            if int(number[:6]) < len(spans):
                span = spans[int(number[:6])]
                return f"{slug}:{span.start}-{span.end}"
    return None


def _sentence_spans(document: SourceDocument) -> tuple[Span, ...]:
    return _cut(document.text, tuple(p.span for p in paragraphs(document)))


@lru_cache(maxsize=64)
def _cut(text: str, stretches: tuple[Span, ...]) -> tuple[Span, ...]:
    """Sentences within each stretch: none runs from the page into the article."""
    return tuple(
        Span(stretch.start + found.start, stretch.start + found.end)
        for stretch in stretches
        for found in sentences(text[stretch.start : stretch.end])
    )
