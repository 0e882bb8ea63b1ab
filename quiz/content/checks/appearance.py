"""Whether the verdicts can be told from how the claims of a set look, in words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from ...domain.message import msg
from ...domain.question_set import Draft
from ..format.problems import Problem, Severity, percent
from .cues import ACCURACY_LIMIT, MIN_CLAIMS, far_apart, guess_verdicts, looks
from .placed import Source

_SMALL_SET_SLACK = 1.75
_MIN_FOR_LOOKS = 15
_ONE_IN_TWENTY = 1.64  # 95th percentile of the normal distribution


def guessing_limit(claims: int) -> float:
    """The share of verdicts from which on they can be guessed from so many claims (1 or more).

    Few claims stray far from chance: their limit is where luck leads one time in twenty (normal
    approximation of the binomial, chance 1/3), if that is over ACCURACY_LIMIT.
    """
    return max(ACCURACY_LIMIT, 1 / 3 + _ONE_IN_TWENTY * math.sqrt(2 / 9 / claims))


def check_guessing(
    questions: Sequence[Draft], languages: Sequence[str], source: Source
) -> Iterator[Problem]:
    """The verdicts cannot be guessed from the claims; few claims are judged mildly."""
    for language in languages:
        guessing = guess_verdicts(questions, language)
        if guessing.total and guessing.accuracy >= guessing_limit(guessing.total):
            severity = Severity.ERROR if guessing.total >= MIN_CLAIMS else Severity.WARNING
            message = msg(
                "{share} of the verdicts can be guessed from the claims ({language})",
                share=percent(guessing.accuracy),
                language=language,
            )
            telling = ", ".join(word for word, _ in guessing.telling[:6])
            fix = msg("spread the telling words over the verdicts: {words}", words=telling)
            yield source.problem((), message, fix, severity)


def check_looks(
    questions: Sequence[Draft], languages: Sequence[str], source: Source
) -> Iterator[Problem]:
    """The claims of a set that is not small look alike under the three verdicts."""
    for language in languages:
        table = looks(questions, language)
        counts = [row.claims for row in table.values()]
        if sum(counts) < _MIN_FOR_LOOKS or not all(counts):
            continue
        for gap in far_apart(table, _SMALL_SET_SLACK):
            message = msg(
                "the verdicts can be told apart ({language}) by {gap}", language=language, gap=gap
            )
            fix = msg("reword claims until the verdicts look alike")
            yield source.problem(("questions",), message, fix, Severity.WARNING)


def check_looks_over_all(
    questions: Sequence[Draft], languages: Sequence[str], source: Source
) -> Iterator[Problem]:
    """The claims of all sets together look alike under the three verdicts."""
    if len(questions) < MIN_CLAIMS:
        return
    for language in languages:
        for gap in far_apart(looks(questions, language)):
            message = msg(
                "over all sets the verdicts can be told apart ({language}) by {gap}",
                language=language,
                gap=gap,
            )
            fix = msg("reword claims until the verdicts look alike")
            yield source.problem((), message, fix, Severity.WARNING)
