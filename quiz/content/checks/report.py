"""The checker's report, for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ...domain.question_set import LANGUAGES, Question
from ...domain.verdict import Verdict
from ..format.library import Library
from ..format.names import LANGUAGE_NAMES
from ..format.problems import Problem, Severity
from .cues import ACCURACY_LIMIT, guess_verdicts, looks
from .words import FEATURES


def lines(
    library: Library, problems: Sequence[Problem], played: Sequence[Question]
) -> Iterator[str]:
    """The report: problems first, then what the library holds and what its claims give away."""
    for problem in problems:
        yield str(problem)
    if problems:
        yield ""
    yield from _sets(library)
    for language in LANGUAGES:
        yield ""
        yield from _guessing(played, language)
        yield ""
        yield from _looks(played, language)
    yield ""
    counts = Counter(problem.severity for problem in problems)
    yield f"{counts[Severity.ERROR]} errors, {counts[Severity.WARNING]} warnings"


def _sets(library: Library) -> Iterator[str]:
    yield f"{'set':<28}{'questions':>10}" + "".join(f"{v:>12}" for v in Verdict) + "  difficulty"
    for slug, question_set in library.all_sets.items():
        questions = question_set.questions
        verdicts = Counter(question.verdict for question in questions)
        levels = Counter(question.difficulty for question in questions)
        remarks = [
            *(["examples"] if question_set.is_examples else []),
            *(["left out"] if slug in library.withheld else []),
        ]
        yield (
            f"{slug:<28}{len(questions):>10}"
            + "".join(f"{verdicts[verdict]:>12}" for verdict in Verdict)
            + f"  {levels[1]}/{levels[2]}/{levels[3]}"
            + (f"  ({', '.join(remarks)})" if remarks else "")
        )


def _guessing(questions: Sequence[Question], language: str) -> Iterator[str]:
    guessing = guess_verdicts(questions, language)
    yield (
        f"{LANGUAGE_NAMES[language]}: {guessing.accuracy:.0%} of {guessing.total} verdicts guessed "
        f"from the claim alone (chance 33%, limit {ACCURACY_LIMIT:.0%})"
    )
    if guessing.telling:
        yield f"  {'most telling':<28}" + "".join(f"{verdict:>12}" for verdict in Verdict)
    for word, counts in guessing.telling:
        yield f"  {word:<28}" + "".join(f"{count:>12}" for count in counts)


def _looks(questions: Sequence[Question], language: str) -> Iterator[str]:
    table = looks(questions, language)
    yield f"  {LANGUAGE_NAMES[language] + ' claims':<28}" + "".join(f"{v:>12}" for v in Verdict)
    yield f"  {'mean length':<28}" + "".join(f"{row.length:>12.0f}" for row in table.values())
    for name in FEATURES:
        shares = "".join(f"{row.shares[name]:>12.0%}" for row in table.values())
        yield f"  {'with ' + name:<28}" + shares
