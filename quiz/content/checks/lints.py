"""Second looks at a question: what a careful editor would ask, as warnings.

They go by the words alone, so they may be wrong: the lists of words in lexicon/ are kept such that
they are quiet on the questions that come with the game. None of them needs a finished question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from statistics import median

from ...domain.message import msg
from ...domain.question_set import RegionKind, SourceDocument
from ...domain.verdict import RULES, Verdict
from ..format.names import LANGUAGE_NAMES
from ..format.problems import Path, Problem
from .lexicon import find_word, pattern
from .placed import QuestionInFile
from .words import feature_word, has_feature, plain

LONG_CLAIM = 1.8
"""How many times the median of the set's other claims a claim may be long."""

_MIN_SIBLINGS = 4

_NAME = re.compile(r"\b[^\W\d_a-zà-ÿ][\w’'-]*[^\S\n][^\W\d_a-zà-ÿ][\w’'-]*\w")
_NOT = {"fr": re.compile(r"\bne\b|\bn'"), "en": re.compile(r"\bnot\b|n't\b")}
_TERM = re.compile(r"\d+|[^\W\d_]{4,}")
_AFTER_JOINING = 4  # words among which the verb of a second statement is looked for


def lint_question(at: QuestionInFile, documents: Mapping[str, SourceDocument]) -> Iterator[Problem]:
    """Warnings about one question. What is not written yet is not looked at."""
    for language, claim in at.texts("claim").items():
        quotes = _quotes_in(at, documents, language)
        yield from _lint_one_fact(at, claim, language)
        yield from _lint_negation(at, claim, language, quotes)
        yield from _lint_absolutes(at, claim, language, quotes)
        yield from _lint_accusation(at, claim, language, documents)
    for language, explanation in at.texts("explanation").items():
        quotes = _quotes_in(at, documents, language)
        yield from _lint_reference(at, explanation, language, quotes)
    yield from _lint_private_names(at, documents)


def lint_claim_lengths(questions: Sequence[QuestionInFile]) -> Iterator[Problem]:
    """Warnings for the claims of a set that are much longer than its other claims."""
    for i, at in enumerate(questions):
        yield from lint_claim_length(at, [*questions[:i], *questions[i + 1 :]])


def lint_claim_length(at: QuestionInFile, siblings: Sequence[QuestionInFile]) -> Iterator[Problem]:
    """A warning where a claim is much longer than those of its siblings in that language."""
    for language, claim in at.texts("claim").items():
        texts = [sibling.texts("claim").get(language) for sibling in siblings]
        lengths = [len(text) for text in texts if text]
        if len(lengths) >= _MIN_SIBLINGS and len(claim) > LONG_CLAIM * median(lengths):
            yield at.warning(
                ("claim", language),
                msg(
                    "the {language} claim is much longer than the others of the set",
                    language=LANGUAGE_NAMES[language],
                ),
                msg("shorten it to about {length} characters", length=round(median(lengths))),
            )


def _lint_one_fact(at: QuestionInFile, claim: str, language: str) -> Iterator[Problem]:
    """A claim says one thing: otherwise half of it could be true. (Checklist point 1.)"""
    joint = _joint(plain(claim), language)
    if joint is not None:
        yield at.warning(
            ("claim", language),
            msg("the claim seems to say two things (“{words}”)", words=joint),
            msg("keep one, or make two questions of it"),
        )


def _joint(claim: str, language: str) -> str | None:
    """The words with which a second statement begins."""
    bare = re.sub(r"[“«\"].*?[”»\"]", "", claim)
    if ";" in bare:
        return ";"
    finite = pattern("finite", language)
    for joining in pattern("joining", language).finditer(bare):
        # Without a verb before it, "and" joins two subjects: "Moscow and Caracas are …"
        if not finite.search(bare[: joining.start()]):
            continue
        following = bare[joining.end() :].split()[:_AFTER_JOINING]
        for count, word in enumerate(following, start=1):
            if pattern("subordinating", language).match(word):
                break
            if finite.fullmatch(word.removeprefix("n'")):
                return " ".join([joining.group(), *following[:count]])
    contrasting = pattern("contrasting", language).search(bare)
    if contrasting and contrasting.start() and finite.search(bare, contrasting.end()):
        return contrasting.group()
    return None


def _lint_negation(
    at: QuestionInFile, claim: str, language: str, quotes: Sequence[str]
) -> Iterator[Problem]:
    """A FALSE alters one element; "not" alone gives it away. (Checklist point 6.)"""
    if at.question.verdict is not Verdict.FALSE or not quotes:
        return
    denied = any(has_feature("negation", quote, language) for quote in quotes)
    # "Not this, but that" says something of its own.
    opposes = find_word("opposing", claim, language) is not None
    if _NOT[language].search(plain(claim)) and not denied and not opposes:
        yield at.warning(
            ("claim", language),
            msg("the claim is made false by a negation that no quote has"),
            msg("change a detail instead: a number, a name, a date, a place"),
        )


def _lint_absolutes(
    at: QuestionInFile, claim: str, language: str, quotes: Sequence[str]
) -> Iterator[Problem]:
    """“All”, “never”, “only” give a claim away, unless the document says so. (Point 8.)

    In a contrast group they tell nothing: the same claim has another verdict on another file.
    """
    rule = at.question.rule
    if at.question.contrast is not None:
        return
    word = feature_word("absolutes", _telling(claim, language), language)
    if word is None or rule is None or RULES[rule].goes_beyond_quotes or not quotes:
        return
    if not any(has_feature("absolutes", quote, language) for quote in quotes):
        yield at.warning(
            ("claim", language),
            msg("the claim says “{word}”, and no quote does", word=word),
            msg("say no more than the document, or quote where it says so"),
        )


def _lint_accusation(
    at: QuestionInFile,
    claim: str,
    language: str,
    documents: Mapping[str, SourceDocument],
) -> Iterator[Problem]:
    """Who is accused is heard, or the reader is told that they are not. ("Care for people")"""
    explanation = at.texts("explanation").get(language)
    word = find_word("accusing", _telling(claim, language), language)
    if word is None or explanation is None or not _names_somebody(at, claim, documents):
        return
    if find_word("denying", f"{claim} {explanation}", language) is None:
        yield at.warning(
            ("explanation", language),
            msg("an accusation (“{word}”) stands here without a denial", word=word),
            msg("add what the accused answer, or that the documents do not tell it"),
        )


def _lint_reference(
    at: QuestionInFile, explanation: str, language: str, quotes: Sequence[str]
) -> Iterator[Problem]:
    """An explanation goes by the quotes. (Checklist point 10.)"""
    rule = at.question.rule
    if (rule is not None and RULES[rule].is_wordless) or not quotes:
        return
    if not _terms(explanation) & _terms(" ".join(quotes)):
        yield at.warning(
            ("explanation", language),
            msg(
                "the {language} explanation takes up no word of a quote",
                language=LANGUAGE_NAMES[language],
            ),
            msg("say which words of the quotes decide"),
        )


def _lint_private_names(
    at: QuestionInFile, documents: Mapping[str, SourceDocument]
) -> Iterator[Problem]:
    """Readers who comment are private persons: nobody is to name them. ("Care for people")"""
    private: set[str] = set().union(*map(_private_names, at.quoted_documents(documents)))
    texts: list[tuple[Path, str]] = [
        ((part, language), text)
        for part in ("claim", "explanation")
        for language, text in at.texts(part).items()
    ]
    for i, evidence in enumerate(at.evidence):
        texts.append((("evidence", i, "quote"), evidence.quote.exact))
        for language in at.languages:
            translation = evidence.translation.get(language, "")
            texts.append((("evidence", i, "translation", language), translation))
    for path, text in texts:
        for name in sorted(name for name in private if name in text):
            yield at.warning(
                path,
                msg("“{name}” seems to be a private person, from the readers' comments", name=name),
                msg("leave the name out"),
            )


def _quotes_in(
    at: QuestionInFile, documents: Mapping[str, SourceDocument], language: str
) -> list[str]:
    """The quotes as they read in a language: verbatim or translated."""
    texts = []
    for evidence in at.evidence:
        document = documents.get(evidence.document)
        if document is not None and document.language == language:
            texts.append(evidence.quote.exact)
        else:
            texts.append(evidence.translation.get(language, ""))
    return [text for text in texts if text]


def _telling(claim: str, language: str) -> str:
    """A claim without what only looks like an absolute or an accusation."""
    unquoted = " ".join(re.sub(r"[«»“”\"]", " ", plain(claim)).split())
    return pattern("harmless", language).sub("", unquoted)


def _terms(text: str) -> set[str]:
    """The numbers of a text and its words of four letters or more."""
    return set(_TERM.findall(plain(text)))


def _names_somebody(
    at: QuestionInFile, claim: str, documents: Mapping[str, SourceDocument]
) -> bool:
    """Whether a claim holds a name of two words, or the last word of one in its documents."""
    if _NAME.search(claim):
        return True
    surnames = {
        name.split()[-1]
        for document in at.quoted_documents(documents)
        for name in _names(document.text)
    }
    return any(word in surnames for word in re.findall(r"[\w-]+", claim))


@lru_cache(maxsize=64)
def _names(text: str) -> frozenset[str]:
    """What looks like a name of two words: two words with capitals on one line."""
    return frozenset(_NAME.findall(text))


def _private_names(document: SourceDocument) -> set[str]:
    """The names that stand in a document's comments and nowhere else in it."""
    comments, rest = "", ""
    for region in document.regions:
        text = document.text[region.span.start : region.span.end]
        if region.kind is RegionKind.COMMENTS:
            comments += text
        else:
            rest += text
    return {name for name in _names(comments) if name not in rest}
