"""Checks across questions: balance, contrasts, claims that are nearly equal, examples."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from ...domain.message import Message, msg
from ...domain.question_set import SourceDocument
from ...domain.verdict import Rule, Verdict
from ..format.library import TAXONOMY_FILE, Library, set_file
from ..format.names import VERDICT_NAMES
from ..format.problems import Problem, Severity, percent, shown
from ..format.yaml_source import YamlSource
from .placed import QuestionInFile, Source
from .words import nearly_equal, normalised

BALANCE = (0.27, 0.40)
TITLE_LENGTH = 60
MIN_FOR_BALANCE = 9


def placed_questions(library: Library) -> list[QuestionInFile]:
    """Every question that could be read, with its place."""
    return [
        QuestionInFile(
            question, library.sources[set_file(slug)], ("questions", i), question_set.languages
        )
        for slug, question_set in library.all_sets.items()
        for i, question in enumerate(question_set.questions)
    ]


def check_balance(library: Library) -> Iterator[Problem]:
    """Each verdict has its share of each set that is played."""
    for slug, question_set in library.all_sets.items():
        if not question_set.is_examples:
            source = library.sources[set_file(slug)]
            yield from check_shares([q.verdict for q in question_set.questions], source)


def check_shares(verdicts: Sequence[Verdict], source: Source) -> Iterator[Problem]:
    """Each verdict has its share of the verdicts of a set, of which there is at least one.

    In a set of fewer than MIN_FOR_BALANCE a question more or less is too much: a second look only.
    """
    low, high = BALANCE
    counts = Counter(verdicts)
    shares = {verdict: counts[verdict] / len(verdicts) for verdict in Verdict}
    if all(low <= share <= high for share in shares.values()):
        return
    message = msg(
        "the verdicts are out of balance: true {true}, false {false}, unverified {unverified}",
        **{
            verdict.value: msg(
                "{count} ({share})", count=counts[verdict], share=percent(shares[verdict])
            )
            for verdict in Verdict
        },
    )
    fix = msg("keep each between {low} and {high} of the set", low=percent(low), high=percent(high))
    small = len(verdicts) < MIN_FOR_BALANCE
    yield source.problem(
        ("questions",), message, fix, Severity.WARNING if small else Severity.ERROR
    )


def check_contrasts(questions: Sequence[QuestionInFile]) -> Iterator[Problem]:
    """A contrast group has at least two questions, which differ in verdict or in their files.

    The last one is told when they do not.
    """
    groups: dict[str, list[QuestionInFile]] = defaultdict(list)
    for at in questions:
        if at.question.contrast is not None:
            groups[at.question.contrast].append(at)
    for name, members in groups.items():
        if len(members) < 2:
            fix = members[0].fix(
                msg(
                    "give another question of the contrast group the same name, or delete the line"
                ),
                msg("give another question of the contrast group the same name, or delete it here"),
            )
            message = msg("only one question is in the contrast group {name}", name=name)
            yield members[0].error(("contrast",), message, fix)
            continue
        verdict = members[0].question.verdict
        files = {frozenset(at.question.files) for at in members}
        is_one = all(at.question.verdict is verdict for at in members)
        if verdict is not None and is_one and len(files) == 1:
            message = msg(
                "all questions of the contrast group {name} are {verdict}, on the same files",
                name=name,
                verdict=VERDICT_NAMES[verdict],
            )
            fix = msg("change one detail, and the verdict with it, or ask it of other files")
            yield members[-1].error(("contrast",), message, fix)


def check_twins(questions: Sequence[QuestionInFile]) -> Iterator[Problem]:
    """No two claims are nearly equal, unless in one contrast group (never drawn together)."""
    for i, at in enumerate(questions):
        yield from check_twins_of(at, questions[:i])


def check_twins_of(at: QuestionInFile, others: Iterable[QuestionInFile]) -> Iterator[Problem]:
    """An error for each of the others whose claim nearly equals this one, in any language."""
    claims = {language: normalised(claim) for language, claim in at.texts("claim").items()}
    for other in others:
        if at.question.contrast is not None and at.question.contrast == other.question.contrast:
            continue
        for language, claim in other.texts("claim").items():
            if language in claims and nearly_equal(claims[language], normalised(claim)):
                fix = at.fix(
                    msg(
                        "make them a contrast group (`contrast:` with the same name), reword or "
                        "drop one"
                    ),
                    msg("make them a contrast group, reword or drop one"),
                )
                yield at.error(("claim", language), _twin(other, claim), fix)
                break


def _twin(other: QuestionInFile, claim: str) -> Message:
    if not other.source.file:
        return msg("the claim nearly equals another one: “{claim}”", claim=shown(claim))
    return msg(
        "the claim nearly equals that of {question} ({file}:{line})",
        question=other.question.id,
        file=other.source.file,
        line=other.source.place((*other.path, "claim")).line,
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
                msg("no worked example shows the {key} {codes}", key=key, codes=", ".join(codes)),
                msg("add examples to a set with `examples: true`"),
                Severity.WARNING,
            )


def check_document(document: SourceDocument, source: YamlSource) -> Iterator[Problem]:
    """The working title is short."""
    for language, title in document.title.items():
        if len(title) > TITLE_LENGTH:
            yield source.problem(
                ("title", language),
                msg("the title has {length} characters", length=len(title)),
                msg("keep it under {length}", length=TITLE_LENGTH + 1),
            )
