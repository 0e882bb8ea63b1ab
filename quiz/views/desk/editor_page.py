"""What the editor's page shows, gathered from what is stored and what was sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...content.checks.draft_checks import lint_draft
from ...content.format.problems import Problem, Severity
from ...domain.draft import Path, missing
from ...domain.errors import BadInput
from ...domain.fields import FIELDS, evidence_key
from ...domain.merge import field_digest
from ...domain.question_set import LANGUAGES, Draft, DraftEvidence, SourceDocument
from ...domain.quote import locate
from ...domain.verdict import RULES, Stance
from ...models import DeskQuestion, DeskSet, Player
from ...services.desk import editing, rights
from ...services.desk.contents import documents_in, draft, questions_in
from ...services.desk.quoting import QuotablePassage, UnclearQuote
from ...web import labels
from ...web.i18n import LANGUAGES as LANGUAGE_NAMES
from ...web.pages import Page
from ...web.template_tools import taxonomy
from .editor_files import File, Start, files, starts
from .editor_form import FormResult, Typed

_TEXTS = frozenset(field.name for field in FIELDS if field.is_text)


@dataclass(frozen=True, slots=True)
class QuoteCard:
    """A quote in the form; `name` is what its fields begin with."""

    key: str
    name: str
    evidence: DraftEvidence
    document: SourceDocument | None
    stands: bool
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sibling:
    """A question of the set in its list."""

    id: int
    key: str
    draft: Draft
    missing: tuple[str, ...]
    is_here: bool


@dataclass(frozen=True, slots=True)
class Values:
    """What the form's fields show, the digests they are based on, and what clashes."""

    fields: Mapping[str, str]
    bases: Mapping[str, str]
    clashes: Mapping[str, editing.QuestionClash]
    is_refused: bool = False
    error: BadInput | None = None
    quote: str = ""
    places: Sequence[QuotablePassage] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class EditorPage(Page):
    """One question beside its documents. Its part is the form, with the documents if given."""

    template: ClassVar = "desk/question.html"
    part: ClassVar = "desk/_answer.html"
    row: DeskQuestion
    desk_set: DeskSet
    draft: Draft
    documents: Mapping[str, SourceDocument]  # of the set, by slug
    may_edit: bool
    siblings: Sequence[Sibling]
    position: int  # among them, from 1
    # The form
    values: Values
    cards: Sequence[QuoteCard]
    languages_here: Sequence[str]
    undoable: bool
    redoable: bool
    stances: Sequence[Stance]
    usual_stance: Stance | None
    partners: Sequence[Sibling]  # to make a contrast group with
    # What is to be written and mended, each with its field
    gaps: Sequence[str]
    problems: Sequence[tuple[str, Problem]]
    by_field: Mapping[str, Sequence[Problem]]
    # Beside the form; None where they stay as they are
    files: Sequence[File] | None = None
    starts: Sequence[Start] | None = None  # first texts for the claim
    # What the templates call by name
    digest: Callable[[str], str]
    field_name: Callable[[str], str]
    sentence: Callable[[str], str]
    ERROR: Severity = Severity.ERROR


def editor_page(
    session: Session, who: Player, row: DeskQuestion, outcome: FormResult, sent: Typed | None
) -> EditorPage:
    """Everything the form shows. Five queries, whatever there is to show."""
    desk_set = session.get_one(DeskSet, row.set_id)
    documents = documents_in(session, desk_set)
    now, languages = outcome.saved.draft, tuple(desk_set.languages)
    siblings = _siblings(questions_in(session, desk_set), row.id, now, languages)
    others = [one.draft for one in siblings if not one.is_here]
    gaps, problems = _checked(now, documents, languages, others)
    undoable, redoable = editing.ways(session, row)
    return EditorPage(
        row=row,
        desk_set=desk_set,
        draft=now,
        documents=documents,
        may_edit=rights.may_edit(session, who, desk_set),
        siblings=siblings,
        position=next(n for n, one in enumerate(siblings, start=1) if one.is_here),
        values=_values(outcome, sent),
        cards=[_card(evidence, documents, languages) for evidence in now.evidence],
        languages_here=_languages(now, languages, documents),
        undoable=undoable,
        redoable=redoable,
        stances=tuple(Stance),
        usual_stance=RULES[now.rule].usual_stance if now.rule else None,
        partners=_partners(siblings),
        gaps=gaps,
        problems=problems,
        by_field=_by_field(problems),
        digest=field_digest,
        field_name=field_name,
        sentence=sentence,
    )


def with_documents(page: EditorPage) -> EditorPage:
    """The same with the documents and what a claim can begin with, as they are now."""
    neighbours = [
        (one.draft, str(number), url_for("desk_questions.show", question_id=one.id))
        for number, one in enumerate(page.siblings, start=1)
        if not one.is_here
    ]
    return replace(
        page,
        files=files(page.documents, page.draft, neighbours),
        starts=starts(page.documents, page.draft),
    )


def _checked(
    now: Draft,
    documents: Mapping[str, SourceDocument],
    languages: tuple[str, ...],
    others: Sequence[Draft],
) -> tuple[list[str], list[tuple[str, Problem]]]:
    """The fields to be written, and the problems of the others. A gap is no mistake yet."""
    gaps = list(dict.fromkeys(field_of(path, now) for path in missing(now, languages)))
    found = [
        (field_of(problem.path, now), problem)
        for problem in lint_draft(now, documents, taxonomy(), languages, others)
    ]
    return gaps, [(name, problem) for name, problem in found if name not in gaps]


def _by_field(problems: Sequence[tuple[str, Problem]]) -> dict[str, list[Problem]]:
    found: dict[str, list[Problem]] = {}
    for name, problem in problems:
        found.setdefault(name, []).append(problem)
    return found


def field_of(path: Path, now: Draft) -> str:
    """The field of the form that a problem is in: "claim.fr", "evidence.<key>.stance"."""
    match path:
        case ("evidence", int(n), *rest) if n < len(now.evidence):
            words = [str(word) for word in rest if word not in ("quote", "document")]
            return ".".join(["evidence", evidence_key(now.evidence[n]), *words])
        case (str(name), *rest) if name in _TEXTS:
            return f"{name}.{rest[0] if rest else LANGUAGES[0]}"
        case (str(name), *_):
            return name
    return "claim"


def field_name(name: str) -> str:
    """A field in words: "Claim, English"."""
    first, *rest = name.split(".")
    words = labels.field(first)
    if rest[-1:] == ["stance"]:
        return str(_("%(part)s: how it bears on the claim", part=words))
    if "translation" in rest:
        words = _("%(part)s: translation", part=words)
    language = LANGUAGE_NAMES.get(rest[-1], "") if rest else ""
    return f"{words}, {language}" if language else words


def sentence(words: str) -> str:
    """Words of the checker as a sentence of their own."""
    return (
        words[:1].upper() + words[1:] + ("" if words.endswith((".", "?", "!", "”", "»")) else ".")
    )


def _values(outcome: FormResult, sent: Typed | None) -> Values:
    saved, error = outcome.saved, outcome.error
    fields, bases = dict(saved.fields), dict(saved.digests)
    clashes = {clash.field: clash for clash in saved.clashes}
    kept = dict(outcome.refused) or {name: clash.mine for name, clash in clashes.items()}
    if sent is not None:
        fields |= kept
        bases |= {name: sent.bases[name] for name in kept if name in sent.bases}
    return Values(
        fields,
        bases,
        clashes,
        bool(outcome.refused),
        error,
        sent.quote if sent and error is not None and error.field == "quote" else "",
        error.places if isinstance(error, UnclearQuote) else (),
    )


def _card(
    evidence: DraftEvidence, documents: Mapping[str, SourceDocument], languages: tuple[str, ...]
) -> QuoteCard:
    key = evidence_key(evidence)
    document = documents.get(evidence.document)
    written = document.language if document else ""
    wanted = [code for code in LANGUAGES if code in languages or code in evidence.translation]
    return QuoteCard(
        key,
        f"evidence.{key}",
        evidence,
        document,
        document is not None and locate(evidence.quote, document.text) is not None,
        tuple(code for code in wanted if code != written),
    )


def _siblings(
    rows: Sequence[DeskQuestion], here: int, now: Draft, languages: tuple[str, ...]
) -> list[Sibling]:
    """The questions of the set in its order; the one `here` is as `now`, not as stored."""
    return [_sibling(one, now if one.id == here else draft(one), languages, here) for one in rows]


def _sibling(row: DeskQuestion, now: Draft, languages: tuple[str, ...], here: int) -> Sibling:
    gaps = dict.fromkeys(field_name(field_of(path, now)) for path in missing(now, languages))
    return Sibling(row.id, row.key, now, tuple(gaps), row.id == here)


def _languages(
    now: Draft, languages: tuple[str, ...], documents: Mapping[str, SourceDocument]
) -> list[str]:
    """The languages of the set and any other that is written in, the documents' own first."""
    own = next((document.language for document in documents.values()), "")
    used = [c for c in LANGUAGES if c in languages or now.claim.get(c) or now.explanation.get(c)]
    return sorted(used, key=lambda code: code != own)


def _partners(siblings: Sequence[Sibling]) -> list[Sibling]:
    """The questions that this one can make a contrast group with: those without a partner."""
    groups = [one.draft.contrast for one in siblings]
    return [
        one
        for one in siblings
        if not one.is_here and (not one.draft.contrast or groups.count(one.draft.contrast) == 1)
    ]
