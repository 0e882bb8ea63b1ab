"""Checks of one question at a time, against EDITORIAL's rubric and checklist."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import reduce

from ...domain.message import Message, msg
from ...domain.question_set import DraftEvidence, RegionKind, SourceDocument
from ...domain.quote import locate
from ...domain.taxonomy import Taxonomy
from ...domain.verdict import RULES, Fault, Rule, Stance, fault_of
from ..format.anchors import anchor_trouble
from ..format.names import LANGUAGE_NAMES, PART_NAMES, REGION_NAMES, VERDICT_NAMES
from ..format.problems import Path, Problem
from .lints import lint_question
from .placed import QuestionInFile

CLAIM_LENGTH = (20, 220)
EXPLANATION_LENGTH = (80, 600)
MAX_SKILLS = 3
MAX_QUOTES = 3

_PAGE = {RegionKind.FURNITURE, RegionKind.CAPTION, RegionKind.COMMENTS}
_ABOUT_PAGE = re.compile(
    r"\b(articles?|page|texte?|file|fichier|document|site|blog|image|caption|légende|headline|titre"
    r"|title|comment\w*|lecteur|reader|source|label|mention|disclos\w*)\b",
    re.IGNORECASE,
)


def check_question(
    at: QuestionInFile, documents: Mapping[str, SourceDocument], taxonomy: Taxonomy
) -> Iterator[Problem]:
    """Every problem of one question alone, but those of `check_quotes`."""
    yield from _check_rule(at)
    yield from _check_stances(at)
    yield from _check_skills(at, taxonomy)
    yield from _check_length(at, "claim", *CLAIM_LENGTH)
    yield from _check_length(at, "explanation", *EXPLANATION_LENGTH)
    for i, evidence in enumerate(at.evidence):
        if evidence.document in documents:
            document = documents[evidence.document]
            yield from _check_translation(at, i, evidence, document.language)
            yield from _check_region(at, i, evidence, document)
    yield from lint_question(at, documents)


def check_quotes(
    at: QuestionInFile, set_documents: Collection[str], documents: Mapping[str, SourceDocument]
) -> Iterator[Problem]:
    """An error for each quote that does not stand exactly once in a document of the set.

    Of a question that is judged on some of these documents only, quotes come from them.
    """
    yield from _check_files(at, set_documents)
    for i, evidence in enumerate(at.evidence):
        if evidence.document not in set_documents:
            message = msg(
                "{document} is not one of the documents of this set", document=evidence.document
            )
            fix = at.fix(
                msg("add it to `documents:` or correct the slug"),
                msg("add the document to the set, or quote another one"),
            )
            yield at.error(("evidence", i, "document"), message, fix)
        elif evidence.document in documents:
            text = documents[evidence.document].text
            if trouble := anchor_trouble(evidence.quote, text, f"{evidence.document}.txt"):
                yield at.error(("evidence", i, "quote"), *trouble)


def _check_files(at: QuestionInFile, set_documents: Collection[str]) -> Iterator[Problem]:
    """The documents that a question is judged on are of its set, and so are its quotes of them."""
    files = at.question.files
    for i, slug in enumerate(files):
        if slug not in set_documents:
            fix = at.fix(
                msg("add it to `documents:` or correct the slug"),
                msg("add the document to the set, or take it out here"),
            )
            message = msg("{document} is not one of the documents of this set", document=slug)
            yield at.error(("files", i), message, fix)
        elif slug in files[:i]:
            message = msg("the document {document} stands twice", document=slug)
            yield at.error(("files", i), message, msg("delete one"))
    for i, evidence in enumerate(at.evidence):
        if files and evidence.document in set_documents and evidence.document not in files:
            message = msg(
                "the quote is from {document}, on which the question is not judged",
                document=evidence.document,
            )
            fix = at.fix(
                msg("add it to `files:`, or quote one of them"),
                msg("add the document to the files of the question, or quote one of them"),
            )
            yield at.error(("evidence", i, "document"), message, fix)


def _check_rule(at: QuestionInFile) -> Iterator[Problem]:
    rule, verdict = at.question.rule, at.question.verdict
    if rule is None or verdict is None or rule.verdict is verdict:
        return
    message = msg(
        "the rule {rule} leads to {verdict}, not {other}",
        rule=rule,
        verdict=VERDICT_NAMES[rule.verdict],
        other=VERDICT_NAMES[verdict],
    )
    fix = at.fix(
        msg("correct the rule or the verdict (on the line `verdict: {code}`)", code=verdict.value),
        msg("correct the rule or the verdict"),
    )
    yield at.error(("rule",), message, fix)


def _check_stances(at: QuestionInFile) -> Iterator[Problem]:
    """The quotes bear on the claim as the rule says: rubric, "Ask in this order"."""
    evidence, rule = at.evidence, at.question.rule
    stances = {item.stance for item in evidence if item.stance is not None}
    if not evidence:
        message = msg("there is no quote")
        yield at.error(("evidence",), message, msg("quote what settles the claim"))
    elif rule is not None and all(item.stance is not None for item in evidence):
        yield from _check_rule_stances(at, rule, stances)
    if len(evidence) > MAX_QUOTES:
        fix = msg("keep the {count} that settle it", count=MAX_QUOTES)
        yield at.warning(("evidence",), msg("there are {count} quotes", count=len(evidence)), fix)


def _check_rule_stances(at: QuestionInFile, rule: Rule, stances: set[Stance]) -> Iterator[Problem]:
    fault = fault_of(rule, stances)
    key: Path = ("evidence",)
    if fault is Fault.EXCLUDED:
        fix = msg("look again: where documents disagree the rule is U6")
        yield at.warning(key, _contradicted(rule), fix)
    elif fault is Fault.LACKING:
        stance = RULES[rule].usual_stance
        fix = at.fix(
            msg("add one with `stance: {code}`, or choose the rule that fits", code=stance.value),
            msg("add one, or choose the rule that fits"),
        )
        yield at.error(key, _needs(rule), fix)
    elif fault is not None:
        yield at.error(key, *_one_sided(fault, rule))


def _one_sided(fault: Fault, rule: Rule) -> tuple[Message, Message]:
    match fault:
        case Fault.SETTLED:
            return (
                msg("U5 (no document says) has a quote that is not `nearest`"),
                msg("make all stances nearest, or choose the rule that fits the quote"),
            )
        case Fault.SILENT:
            return (
                msg("all quotes are `nearest`, but the rule is {rule}", rule=rule),
                msg("quote what settles the claim, or choose the rule U5"),
            )
        case _:
            return (
                msg("U6 (documents disagree) needs quotes of two different stances"),
                msg("add the quote of the other side: supports, refutes or hedges"),
            )


def _needs(rule: Rule) -> Message:
    match RULES[rule].usual_stance:
        case Stance.SUPPORTS:
            return msg("the rule {rule} needs a quote that supports", rule=rule)
        case Stance.REFUTES:
            return msg("the rule {rule} needs a quote that refutes", rule=rule)
        case _:
            return msg("the rule {rule} needs a quote that hedges", rule=rule)


def _contradicted(rule: Rule) -> Message:
    if RULES[rule].excludes is Stance.REFUTES:
        return msg("a quote refutes the claim although the rule is {rule}", rule=rule)
    return msg("a quote supports the claim although the rule is {rule}", rule=rule)


def _check_skills(at: QuestionInFile, taxonomy: Taxonomy) -> Iterator[Problem]:
    skills = at.question.skills
    if not 1 <= len(skills) <= MAX_SKILLS:
        fix = msg("give 1 to {count}", count=MAX_SKILLS)
        message = msg("the question has {count} skills", count=len(skills))
        yield at.error(("skills",), message, fix)
    for i, skill in enumerate(skills):
        if skill in skills[:i]:
            message = msg("the skill {skill} stands twice", skill=skill)
            yield at.error(("skills", i), message, msg("delete one"))
        # Without a taxonomy nothing is known; its own problem says that it could not be read.
        elif taxonomy.skills and skill not in taxonomy.skills:
            yield at.error(
                ("skills", i),
                msg("the skill {skill} is not in the taxonomy", skill=skill),
                msg("choose among: {skills}", skills=", ".join(taxonomy.skills)),
            )


def _check_length(at: QuestionInFile, part: str, shortest: int, longest: int) -> Iterator[Problem]:
    texts = at.texts(part)
    for language, text in texts.items():
        if not shortest <= len(text) <= longest:
            message = msg(
                "the {language} {part} has {length} characters",
                language=LANGUAGE_NAMES[language],
                part=PART_NAMES[part],
                length=len(text),
            )
            fix = msg("keep it between {low} and {high}", low=shortest, high=longest)
            yield at.error((part, language), message, fix)
    if len(set(texts.values())) < len(texts):
        message = msg("the {part} is the same in all languages", part=PART_NAMES[part])
        yield at.warning((part,), message, msg("translate it where it was copied"))


def _check_translation(
    at: QuestionInFile, index: int, evidence: DraftEvidence, own: str
) -> Iterator[Problem]:
    for language in at.languages:
        path: Path = ("evidence", index, "translation", language)
        given = bool(evidence.translation.get(language))
        name = LANGUAGE_NAMES[language]
        if language == own and given:
            message = msg(
                "the quote is {language} already and needs no {language} translation", language=name
            )
            fix = at.fix(msg("delete `{language}:`", language=language), msg("delete it"))
            yield at.error(path, message, fix)
        elif language != own and not given:
            message = msg("the {language} translation of the quote is missing", language=name)
            fix = at.fix(
                msg("add `translation: {{{language}: …}}`", language=language), msg("write it")
            )
            yield at.error(path, message, fix)


def _check_region(
    at: QuestionInFile, index: int, evidence: DraftEvidence, document: SourceDocument
) -> Iterator[Problem]:
    span = locate(evidence.quote, document.text)
    if span is None:
        return
    kinds = {region.kind for region in document.regions if region.span.overlaps(span)}
    path: Path = ("evidence", index, "quote")
    if RegionKind.COMMENTS in kinds:
        yield at.error(
            path,
            msg("the quote is from the comments, where private readers speak"),
            at.fix(
                msg(
                    "quote another part; if nobody private speaks there, mend the region's kind in "
                    "documents/{document}.yaml",
                    document=document.slug,
                ),
                msg("quote another part"),
            ),
        )
    elif kinds & _PAGE and at.texts("claim") and not _is_about_page(at):
        yield at.warning(
            path,
            msg(
                "the quote is from the page ({parts}), but the claim is not about the page",
                parts=_parts(kinds & _PAGE),
            ),
            msg("quote the article, or make the claim one about the page"),
        )


def _parts(kinds: set[RegionKind]) -> Message:
    """The names of one or two parts of a page."""
    names = [REGION_NAMES[kind] for kind in sorted(kinds)]
    return reduce(lambda one, other: msg("{one} and {other}", one=one, other=other), names)


def _is_about_page(at: QuestionInFile) -> bool:
    """Whether the claim is about the document itself: by its rule, or by naming a part of it."""
    rule = at.question.rule
    return (rule is not None and RULES[rule].is_about_page) or any(
        _ABOUT_PAGE.search(claim) for claim in at.texts("claim").values()
    )
