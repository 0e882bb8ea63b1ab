"""Texts that lack one of the languages of their set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...domain.message import Message, msg
from ...domain.question_set import QuestionSet, SourceDocument
from ..format.names import LANGUAGE_NAMES
from ..format.problems import Problem, listed
from .placed import Source

_DESCRIPTION = ("title", "kind", "provenance", "date_note")


def missing_languages(
    question_set: QuestionSet, documents: Mapping[str, SourceDocument], source: Source
) -> Iterator[Problem]:
    """An error for each text of a set of a file, or of its documents, that lacks a language."""
    fix = msg("write it, or name the set's languages")
    languages = question_set.languages
    for part in ("title", "summary"):
        for language in languages:
            if not getattr(question_set, part).get(language):
                yield source.problem((part, language), missing_text(part, language), fix)
    for i, question in enumerate(question_set.questions):
        for part in ("claim", "explanation"):
            for language in languages:
                if not getattr(question, part).get(language):
                    path = ("questions", i, part, language)
                    yield source.problem(path, missing_text(part, language), fix)
    yield from undescribed_documents(question_set.documents, documents, languages, source)


def undescribed_documents(
    slugs: tuple[str, ...],
    documents: Mapping[str, SourceDocument],
    languages: tuple[str, ...],
    source: Source,
) -> Iterator[Problem]:
    """An error for each document of a set that is not described in one of its languages."""
    for i, slug in enumerate(slugs):
        for language in languages if slug in documents else ():
            lacking = [k for k in _DESCRIPTION if not getattr(documents[slug], k).get(language)]
            if lacking:
                message = msg(
                    "the {language} description of the document {document} lacks: {parts}",
                    language=LANGUAGE_NAMES[language],
                    document=slug,
                    parts=listed(lacking),
                )
                fix = msg("describe the document in the languages of the set")
                yield source.problem(("documents", i), message, fix)


def missing_text(part: str, language: str) -> Message:
    """What is wrong where a title, summary, claim or explanation is not written."""
    name = LANGUAGE_NAMES[language]
    match part:
        case "title":
            return msg("the {language} title is missing", language=name)
        case "summary":
            return msg("the {language} summary is missing", language=name)
        case "claim":
            return msg("the {language} claim is missing", language=name)
        case _:
            return msg("the {language} explanation is missing", language=name)
