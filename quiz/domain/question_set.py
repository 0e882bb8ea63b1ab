"""Source documents, questions and question sets as immutable values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from enum import StrEnum
from typing import TypeAlias

from .quote import Quote, Span
from .verdict import Rule, Stance, Verdict

Text: TypeAlias = Mapping[str, str]
"""The same text in several languages: {"fr": …, "en": …}."""

LANGUAGES = ("fr", "en")
"""The languages of the game; a question set is written in all of them, or in one."""


class RegionKind(StrEnum):
    """What a stretch of a source document is: the article, or a part of the page around it."""

    ARTICLE = "article"
    HEADLINE = "headline"
    CAPTION = "caption"
    RELATED = "related"
    COMMENTS = "comments"
    FURNITURE = "furniture"


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of the document. Regions follow each other without gap and cover the whole text."""

    kind: RegionKind
    span: Span
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What the page says of itself ("image made by AI"), verbatim, and what that is worth."""

    quote: Quote
    note: Text


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """A document that is quoted and judged against, byte for byte as it was received.

    `title` is the name the game gives it, `headline` the document's own words or None.
    `published` is an ISO date, a range "from/to" or None when the document states none. A document
    that `is_constructed` was written for the game, and nothing in it happened.
    """

    slug: str
    text: str
    title: Text
    kind: Text
    provenance: Text
    date_note: Text
    language: str
    regions: tuple[Region, ...]
    headline: str | None = None
    publisher: str | None = None
    author: str | None = None
    published: str | None = None
    disclosures: tuple[Disclosure, ...] = ()
    is_constructed: bool = False


@dataclass(frozen=True, slots=True)
class DraftEvidence:
    """A quote being gathered; None where nothing is chosen yet."""

    document: str
    quote: Quote
    stance: Stance | None = None
    translation: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Evidence(DraftEvidence):
    """A quote that bears on the claim: where it stands, how it bears, and its translation."""

    stance: Stance


@dataclass(frozen=True, slots=True)
class Draft:
    """A question being written: any part may still be missing.

    Texts hold the languages written so far, none of them empty. Its fields are those of a question
    everywhere (`fields.FIELDS`), in the order of files, forms and tables. `files` are the slugs of
    the documents it is judged on, none for all of the set's; `contrast` names its contrast group.
    """

    id: str
    _: KW_ONLY
    claim: Text = field(default_factory=dict)
    verdict: Verdict | None = None
    rule: Rule | None = None
    as_of: str = ""
    difficulty: int | None = None
    skills: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    contrast: str | None = None
    evidence: tuple[DraftEvidence, ...] = ()
    explanation: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Draft):
    """A claim with its verdict, the rule and the evidence behind it, and why it holds.

    What is named here is never missing; the other fields of a draft are a question's too.
    """

    claim: Text
    verdict: Verdict
    rule: Rule
    as_of: str
    difficulty: int
    skills: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    explanation: Text

    @property
    def is_silent(self) -> bool:
        """Whether no passage settles the claim: then that is the right thing to point at."""
        return all(e.stance is Stance.NEAREST for e in self.evidence)


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions on one or more documents. A set of worked examples is shown, never drawn.

    `languages` are those it is played in; all its texts are there in each of them.
    """

    slug: str
    title: Text
    summary: Text
    documents: tuple[str, ...]
    questions: tuple[Question, ...]
    is_examples: bool = False
    languages: tuple[str, ...] = LANGUAGES
