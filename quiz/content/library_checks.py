"""Checks across questions: balance, pairs, claims that are nearly equal, coverage by examples."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from ..domain.question_set import LANGUAGES, SourceDocument
from ..domain.verdict import Rule, Verdict
from .loader import TAXONOMY_FILE, Library, set_file
from .problems import Problem, Severity
from .question_checks import QuestionInFile
from .words import nearly_equal, normalised
from .yaml_source import YamlSource

BALANCE = (0.27, 0.40)
TITLE_LENGTH = 60


def placed_questions(library: Library) -> list[QuestionInFile]:
    """Every question that could be read, with its place."""
    return [
        QuestionInFile(question, library.sources[set_file(slug)], ("questions", i))
        for slug, question_set in library.all_sets.items()
        for i, question in enumerate(question_set.questions)
    ]


def check_balance(library: Library) -> Iterator[Problem]:
    """Each verdict has its share of each set that is played."""
    low, high = BALANCE
    for slug, question_set in library.all_sets.items():
        if question_set.is_examples:
            continue
        counts = Counter(question.verdict for question in question_set.questions)
        total = len(question_set.questions)
        if any(not low <= counts[verdict] / total <= high for verdict in Verdict):
            shares = ", ".join(f"{v} {counts[v]} ({counts[v] / total:.0%})" for v in Verdict)
            yield library.sources[set_file(slug)].problem(
                ("questions",),
                f"the verdicts are out of balance: {shares}",
                f"keep each between {low:.0%} and {high:.0%} of the set",
            )


def check_pairs(questions: Sequence[QuestionInFile]) -> Iterator[Problem]:
    """A pair id is carried by at least two questions, whose verdicts are not all the same."""
    pairs: dict[str, list[QuestionInFile]] = defaultdict(list)
    for at in questions:
        if at.question.pair is not None:
            pairs[at.question.pair].append(at)
    for pair, members in pairs.items():
        if len(members) < 2:
            mend = "give the other question of the pair the same id, or delete the line"
            yield members[0].error(("pair",), f"only one question has the pair {pair}", mend)
        elif len({at.question.verdict for at in members}) < 2:
            yield members[1].error(
                ("pair",),
                f"all questions of the pair {pair} are {members[0].question.verdict}",
                "a pair changes one detail, and the verdict with it",
            )


def check_twins(questions: Sequence[QuestionInFile]) -> Iterator[Problem]:
    """No two claims are nearly equal, unless they are a pair (which is never drawn together)."""
    reported: set[tuple[int, int]] = set()
    for language in LANGUAGES:
        claims = [normalised(at.question.claim[language]) for at in questions]
        for j, at in enumerate(questions):
            for i, other in enumerate(questions[:j]):
                is_pair = at.question.pair is not None and at.question.pair == other.question.pair
                if is_pair or (i, j) in reported or not nearly_equal(claims[i], claims[j]):
                    continue
                reported.add((i, j))
                line = other.source.place((*other.path, "claim")).line
                yield at.error(
                    ("claim", language),
                    f"the claim nearly equals that of {other.question.id} "
                    f"({other.source.file}:{line})",
                    "make them a pair (`pair:` with the same id), reword or drop one",
                )


def check_examples(library: Library) -> Iterator[Problem]:
    """Every rule and every skill is shown by at least one worked example."""
    examples = [
        question
        for question_set in library.all_sets.values()
        if question_set.is_examples
        for question in question_set.questions
    ]
    rules = {question.rule for question in examples}
    skills = {skill for question in examples for skill in question.skills}
    source = library.sources.get(TAXONOMY_FILE) or YamlSource(TAXONOMY_FILE, None, {}, {})
    missing = {
        "rules": [rule.value for rule in Rule if rule not in rules],
        "skills": [skill for skill in library.taxonomy.skills if skill not in skills],
    }
    for key, codes in missing.items():
        if codes:
            yield source.problem(
                (key,),
                f"no worked example shows the {key} {', '.join(codes)}",
                "add examples to a set with `examples: true`",
                Severity.WARNING,
            )


def check_document(document: SourceDocument, source: YamlSource) -> Iterator[Problem]:
    """The working title is short."""
    for language in LANGUAGES:
        length = len(document.title[language])
        if length > TITLE_LENGTH:
            yield source.problem(
                ("title", language),
                f"the title has {length} characters",
                f"keep it under {TITLE_LENGTH + 1}",
            )
