"""Checks of one question at a time, against EDITORIAL's rubric and checklist."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..domain.question_set import (
    LANGUAGES,
    Evidence,
    Question,
    RegionKind,
    SourceDocument,
)
from ..domain.quote import locate
from ..domain.taxonomy import Taxonomy
from ..domain.verdict import Rule, Stance, Verdict
from .problems import Path, Problem, Severity
from .schema_problems import LANGUAGE_NAMES
from .yaml_source import YamlSource

CLAIM_LENGTH = (20, 220)
EXPLANATION_LENGTH = (80, 600)
MAX_SKILLS = 3
MAX_QUOTES = 3

_PAGE = {RegionKind.FURNITURE, RegionKind.CAPTION, RegionKind.COMMENTS}
_PAGE_RULES = {Rule.T3, Rule.F2}
_ABOUT_PAGE = re.compile(
    r"\b(articles?|page|texte?|file|fichier|document|site|blog|image|caption|légende|headline|titre"
    r"|title|comment\w*|lecteur|reader|source|label|mention|disclos\w*)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class QuestionInFile:
    """A question, the file it stands in and the path that leads to it there."""

    question: Question
    source: YamlSource
    path: Path

    def error(self, key: Path, message: str, mend: str) -> Problem:
        """An error about the part of the question under `key`."""
        return self.source.problem((*self.path, *key), message, mend)

    def warning(self, key: Path, message: str, mend: str) -> Problem:
        """A warning about the part of the question under `key`."""
        return self.source.problem((*self.path, *key), message, mend, Severity.WARNING)


def check_question(
    at: QuestionInFile, documents: Mapping[str, SourceDocument], taxonomy: Taxonomy
) -> Iterator[Problem]:
    """Every problem of one question; quotes that stand nowhere are the loader's business."""
    yield from _check_rule(at)
    yield from _check_stances(at)
    yield from _check_skills(at, taxonomy)
    yield from _check_length(at, "claim", at.question.claim, *CLAIM_LENGTH)
    yield from _check_length(at, "explanation", at.question.explanation, *EXPLANATION_LENGTH)
    for i, evidence in enumerate(at.question.evidence):
        if evidence.document in documents:
            document = documents[evidence.document]
            yield from _check_translation(at, i, evidence, document.language)
            yield from _check_region(at, i, evidence, document)


def _check_rule(at: QuestionInFile) -> Iterator[Problem]:
    question = at.question
    if question.rule.verdict is not question.verdict:
        yield at.error(
            ("rule",),
            f"the rule {question.rule} leads to {question.rule.verdict}, not {question.verdict}",
            f"correct the rule or the verdict (on the line `verdict: {question.verdict}`)",
        )


def _check_stances(at: QuestionInFile) -> Iterator[Problem]:
    """The quotes bear on the claim as the rule says: rubric, "Ask in this order"."""
    question = at.question
    stances = {evidence.stance for evidence in question.evidence}
    count = len(question.evidence)
    if not stances:
        yield at.error(("evidence",), "there is no quote", "quote what settles the claim")
    elif question.rule is Rule.U5:
        if stances != {Stance.NEAREST}:
            yield at.error(
                ("evidence",),
                "U5 (no document says) has a quote that is not `nearest`",
                "make all stances nearest, or choose the rule that fits the quote",
            )
    elif stances == {Stance.NEAREST}:
        yield at.error(
            ("evidence",),
            f"all quotes are `nearest`, but the rule is {question.rule}",
            "quote what settles the claim, or choose the rule U5",
        )
    elif question.rule is Rule.U6:
        if len(stances - {Stance.NEAREST}) < 2:
            yield at.error(
                ("evidence",),
                "U6 (documents disagree) needs quotes of two different stances",
                "add the quote of the other side: supports, refutes or hedges",
            )
    else:
        yield from _check_needed_stance(at, stances)
    if count > MAX_QUOTES:
        mend = f"keep the {MAX_QUOTES} that settle it"
        yield at.warning(("evidence",), f"there are {count} quotes", mend)


_NEEDED = {
    Verdict.TRUE: (Stance.SUPPORTS, Stance.REFUTES),
    Verdict.FALSE: (Stance.REFUTES, Stance.SUPPORTS),
    Verdict.UNVERIFIED: (Stance.HEDGES, None),
}


def _check_needed_stance(at: QuestionInFile, stances: set[Stance]) -> Iterator[Problem]:
    rule = at.question.rule
    needed, opposite = _NEEDED[rule.verdict]
    if needed not in stances:
        yield at.error(
            ("evidence",),
            f"the rule {rule} needs a quote that {needed}",
            f"add one with `stance: {needed}`, or choose the rule that fits",
        )
    elif opposite in stances:
        yield at.warning(
            ("evidence",),
            f"a quote {opposite} the claim although the rule is {rule}",
            "look again: where documents disagree the rule is U6",
        )


def _check_skills(at: QuestionInFile, taxonomy: Taxonomy) -> Iterator[Problem]:
    skills = at.question.skills
    if not 1 <= len(skills) <= MAX_SKILLS:
        mend = f"give 1 to {MAX_SKILLS}"
        yield at.error(("skills",), f"the question has {len(skills)} skills", mend)
    for i, skill in enumerate(skills):
        if skill in skills[:i]:
            yield at.error(("skills", i), f"the skill {skill} stands twice", "delete one")
        # Without a taxonomy nothing is known; its own problem says that it could not be read.
        elif taxonomy.skills and skill not in taxonomy.skills:
            yield at.error(
                ("skills", i),
                f"the skill {skill} is not in the taxonomy",
                f"choose among: {', '.join(taxonomy.skills)}",
            )


def _check_length(
    at: QuestionInFile, key: str, text: Mapping[str, str], shortest: int, longest: int
) -> Iterator[Problem]:
    for language in LANGUAGES:
        length = len(text[language])
        if not shortest <= length <= longest:
            yield at.error(
                (key, language),
                f"the {LANGUAGE_NAMES[language]} {key} has {length} characters",
                f"keep it between {shortest} and {longest}",
            )
    if len(set(text.values())) < len(LANGUAGES):
        yield at.warning(
            (key,), f"the {key} is the same in all languages", "translate it where it was copied"
        )


def _check_translation(
    at: QuestionInFile, index: int, evidence: Evidence, own: str
) -> Iterator[Problem]:
    path: Path = ("evidence", index, "translation")
    for language in LANGUAGES:
        given = language in evidence.translation
        name = LANGUAGE_NAMES[language]
        if language == own and given:
            message = f"the quote is {name} already and needs no {name} translation"
            yield at.error((*path, language), message, f"delete `{language}:`")
        elif language != own and not given:
            message = f"the {name} translation of the quote is missing"
            yield at.error(path, message, f"add `translation: {{{language}: …}}`")


def _check_region(
    at: QuestionInFile, index: int, evidence: Evidence, document: SourceDocument
) -> Iterator[Problem]:
    span = locate(evidence.quote, document.text)
    if span is None:
        return
    kinds = {region.kind for region in document.regions if region.span.overlaps(span)}
    path: Path = ("evidence", index, "quote")
    if RegionKind.COMMENTS in kinds:
        yield at.error(
            path,
            "the quote is from the comments, where private readers speak",
            f"quote another part; if nobody private speaks there, mend the region's kind in "
            f"documents/{document.slug}.yaml",
        )
    elif kinds & _PAGE and not _is_about_page(at.question):
        names = " and ".join(sorted(kinds & _PAGE))
        yield at.warning(
            path,
            f"the quote is from the page ({names}), but the claim is not about the page",
            "quote the article, or make the claim one about the page",
        )


def _is_about_page(question: Question) -> bool:
    """Whether the claim is about the document itself: by its rule, or by naming a part of it."""
    return question.rule in _PAGE_RULES or any(
        _ABOUT_PAGE.search(claim) for claim in question.claim.values()
    )
