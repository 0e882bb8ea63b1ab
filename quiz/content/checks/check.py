"""All checks of a folder of question files."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from ...domain.question_set import LANGUAGES, Question
from ..format.library import Library, set_file
from ..format.problems import Problem
from ..format.yaml_source import YamlSource
from .appearance import check_guessing, check_looks, check_looks_over_all
from .library_checks import (
    check_balance,
    check_contrasts,
    check_document,
    check_examples,
    check_twins,
    placed_questions,
)
from .lints import lint_claim_lengths
from .question_checks import check_question


def check(library: Library) -> tuple[Problem, ...]:
    """Every problem of the library, those of loading included, in order of file and line.

    Sets that are not fit to be served are checked as well, so that one run says all.
    """
    questions = placed_questions(library)
    found = list(library.problems)
    for slug, document in library.documents.items():
        found.extend(check_document(document, library.sources[f"documents/{slug}.yaml"]))
    for at in questions:
        found.extend(check_question(at, library.documents, library.taxonomy))
    for _, members in groupby(questions, key=lambda at: at.source.file):
        found.extend(lint_claim_lengths(list(members)))
    found.extend(check_balance(library))
    found.extend(check_contrasts(questions))
    found.extend(check_twins(questions))
    found.extend(check_examples(library))
    found.extend(_check_appearance(library))
    return tuple(sorted(found))


def played_questions(library: Library) -> list[Question]:
    """The questions of the sets that are played: worked examples may show their verdict."""
    return [
        question
        for question_set in library.all_sets.values()
        if not question_set.is_examples
        for question in question_set.questions
    ]


def _check_appearance(library: Library) -> Iterator[Problem]:
    """The verdicts cannot be told from the claims: in each set, and over all sets."""
    for slug, question_set in library.all_sets.items():
        if not question_set.is_examples:
            source = library.sources[set_file(slug)]
            yield from check_looks(question_set.questions, question_set.languages, source)
    questions = played_questions(library)
    everything = YamlSource("sets", None, {}, {})
    yield from check_guessing(questions, LANGUAGES, everything)
    yield from check_looks_over_all(questions, LANGUAGES, everything)
