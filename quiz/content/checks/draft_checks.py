"""Checks of questions and sets that are still being written, field by field of their forms.

The checks are those of the files. What is missing is told once, and blocks publishing; whatever
can be said of the rest is said meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...domain.draft import DraftSet, missing
from ...domain.message import Message, msg
from ...domain.question_set import Draft, SourceDocument
from ...domain.taxonomy import Taxonomy
from ...domain.verdict import Verdict
from ..format.names import VERDICT_NAMES
from ..format.problems import Path, Problem, Severity
from ..format.schema import iso_date
from ..format.schema_problems import wrong_value
from ..format.yaml_source import SourcePosition
from .appearance import check_guessing, check_looks
from .languages import missing_text, undescribed_documents
from .library_checks import MIN_FOR_BALANCE, check_contrasts, check_shares, check_twins_of
from .lints import lint_claim_length
from .placed import QuestionInFile
from .question_checks import check_question, check_quotes

MIN_QUESTIONS = 3
_DIFFICULTIES = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class SetLint:
    """What is wrong with a set: with itself, and with each of its questions, in their order."""

    set_problems: tuple[Problem, ...]
    questions: tuple[tuple[Problem, ...], ...]

    @property
    def is_publishable(self) -> bool:
        """Whether nothing blocks publishing: warnings do not."""
        everything = [*self.set_problems, *(p for found in self.questions for p in found)]
        return all(problem.severity is not Severity.ERROR for problem in everything)


def lint_draft(
    draft: Draft,
    documents: Mapping[str, SourceDocument],
    taxonomy: Taxonomy,
    languages: Sequence[str],
    siblings: Sequence[Draft] = (),
) -> tuple[Problem, ...]:
    """Every problem of a question being written, those of missing parts first.

    `documents` are those of its set by slug, `languages` those of its set, `siblings` the set's
    other questions. A problem's path is the field: ("claim", "fr"), ("evidence", 0, "stance").
    Never raises, whatever the draft holds.
    """
    form = _Form()
    at = QuestionInFile(draft, form, (), tuple(languages))
    others = [QuestionInFile(other, form, (_SIBLING,), at.languages) for other in siblings]
    gaps = {path: _gap(path, form) for path in missing(draft, at.languages)}
    found = [
        *check_quotes(at, documents.keys(), documents),
        *check_question(at, documents, taxonomy),
        *_check_values(at),
        *check_twins_of(at, others),
        *(p for p in check_contrasts([*others, at]) if _SIBLING not in p.path),
        *lint_claim_length(at, others),
    ]
    return _once([*gaps.values(), *(problem for problem in found if problem.path not in gaps)])


def lint_set(
    draft_set: DraftSet, documents: Mapping[str, SourceDocument], taxonomy: Taxonomy
) -> SetLint:
    """Every problem of a set being written at the desk, and of its questions.

    `documents` maps slugs to documents; others than the set's do not count. Less is asked than of
    the files that come with the game: MIN_QUESTIONS questions are enough, all three verdicts are
    to be there (a warning), and their balance counts from MIN_FOR_BALANCE questions on.
    """
    known = {slug: documents[slug] for slug in draft_set.documents if slug in documents}
    questions = draft_set.questions
    found = [
        *_check_texts(draft_set),
        *_check_documents(draft_set, documents),
        *_check_verdicts(questions),
        *check_looks(questions, draft_set.languages, _Form()),
        *check_guessing(questions, draft_set.languages, _Form(("questions",))),
    ]
    linted = tuple(
        lint_draft(
            draft, known, taxonomy, draft_set.languages, [*questions[:i], *questions[i + 1 :]]
        )
        for i, draft in enumerate(questions)
    )
    return SetLint(_once(found), linted)


_SIBLING = "sibling"


@dataclass(frozen=True, slots=True)
class _Form:
    """A form as the source of values: it has fields, and no lines."""

    around: Path = ()
    file: str = ""

    def place(self, path: Path) -> SourcePosition:
        return SourcePosition(0, 0)

    def problem(
        self, path: Path, message: str, fix: str, severity: Severity = Severity.ERROR
    ) -> Problem:
        return Problem(self.file, 0, 0, severity, message, fix, (*self.around, *path))


def _gap(path: Path, form: _Form) -> Problem:
    """The one problem of a field that is not filled in yet."""
    message, fix = _gap_words(path)
    return form.problem(path, message, fix)


def _gap_words(path: Path) -> tuple[Message, Message]:
    match path:
        case ("claim" | "explanation" as part, str(language)):
            return missing_text(part, language), msg("write it")
        case ("evidence",):
            return msg("there is no quote"), msg("quote what settles the claim")
        case ("evidence", _, "stance"):
            fix = msg("say whether the quote supports, refutes or hedges the claim, or is nearest")
            return msg("how the quote bears on the claim is missing"), fix
        case ("evidence", _, _):
            return msg("the quote is empty"), msg("choose a passage of a document, or delete it")
        case ("verdict",):
            return msg("the verdict is missing"), msg("choose one")
        case ("rule",):
            return msg("the rule is missing"), msg("choose the one that leads to the verdict")
        case ("as_of",):
            fix = msg("give the date of the newest document it rests on")
            return msg("the date of the verdict is missing"), fix
        case ("difficulty",):
            return msg("the difficulty is missing"), msg("choose one")
        case _:
            return msg("the skills are missing"), msg("choose one to three")


def _check_values(at: QuestionInFile) -> Iterator[Problem]:
    """What the schema sees to in files: a day that exists, a known difficulty."""
    try:
        iso_date(at.question.as_of)
    except ValueError as error:
        yield at.error(("as_of",), *wrong_value(msg("the date"), error))
    if at.question.difficulty not in _DIFFICULTIES:
        yield at.error(("difficulty",), msg("this difficulty does not exist"), msg("choose one"))


def _check_texts(draft_set: DraftSet) -> Iterator[Problem]:
    for part, text in (("title", draft_set.title), ("summary", draft_set.summary)):
        for language in draft_set.languages:
            if not text.get(language):
                yield _Form().problem(
                    (part, language), missing_text(part, language), msg("write it")
                )


def _check_documents(
    draft_set: DraftSet, documents: Mapping[str, SourceDocument]
) -> Iterator[Problem]:
    form = _Form()
    if not draft_set.documents:
        yield form.problem(("documents",), msg("the set has no document"), msg("add one"))
    for i, slug in enumerate(draft_set.documents):
        if slug not in documents:
            message = msg("the document {document} is not there any more", document=slug)
            yield form.problem(("documents", i), message, msg("take it out of the set"))
    yield from undescribed_documents(draft_set.documents, documents, draft_set.languages, form)


def _check_verdicts(questions: Sequence[Draft]) -> Iterator[Problem]:
    """There are enough questions, and their verdicts are spread, once all of them are given."""
    form = _Form()
    if len(questions) < MIN_QUESTIONS:
        message = msg("a set has at least {count} questions", count=MIN_QUESTIONS)
        yield form.problem(("questions",), message, msg("add a question"))
    verdicts = [draft.verdict for draft in questions if draft.verdict is not None]
    if len(verdicts) < max(len(questions), MIN_QUESTIONS):
        return
    if len(questions) >= MIN_FOR_BALANCE:
        yield from check_shares(verdicts, form)
        return
    for verdict in Verdict:
        if verdict not in verdicts:
            message = msg("no question of the set is {verdict}", verdict=VERDICT_NAMES[verdict])
            fix = msg("add one: three verdicts are what the game is about")
            yield form.problem(("questions",), message, fix, Severity.WARNING)


def _once(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems without those that ask for the same mend of the same field."""
    kept: dict[tuple[Path, str], Problem] = {}
    for problem in problems:
        kept.setdefault((problem.path, problem.fix), problem)
    return tuple(kept.values())
