"""What has changed between two versions of a set, field by field, for a page to say in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from .draft import Draft, DraftEvidence, DraftSet, Path
from .fields import evidence_key
from .question_set import LANGUAGES

_PIECES = re.compile(r"\s+|\w+|[^\w\s]")


class Change(StrEnum):
    """How something differs."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: of the set when `question` is None, else of that question.

    `field` is a path as in a form: ("claim", "fr"), ("documents", slug), ("evidence", key), …; ()
    is the question itself. `before` and `after` are texts as stored, "" for nothing.
    """

    change: Change
    question: str | None
    field: Path
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """A set with the digests of its documents, by slug."""

    content: DraftSet
    documents: Mapping[str, str]


def differences(old: Version, new: Version) -> tuple[Difference, ...]:
    """Everything that differs, the set's own things first, then question by question."""
    return tuple(_differences(old, new))


def word_changes(before: str, after: str) -> tuple[tuple[Change | None, str], ...]:
    """A text with what was removed and added, in reading order; None marks what stayed.

    The pieces that are not ADDED make `before` again, those not REMOVED make `after`.
    """
    one, other = _PIECES.findall(before), _PIECES.findall(after)
    found: list[tuple[Change | None, str]] = []
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            found.append((None, "".join(one[i:j])))
            continue
        if i < j:
            found.append((Change.REMOVED, "".join(one[i:j])))
        if k < m:
            found.append((Change.ADDED, "".join(other[k:m])))
    return tuple(found)


def _differences(old: Version, new: Version) -> Iterator[Difference]:
    for name in ("title", "summary"):
        before, after = getattr(old.content, name), getattr(new.content, name)
        yield from _texts(None, (name,), before, after)
    codes = " ".join(old.content.languages), " ".join(new.content.languages)
    yield from _value(None, ("languages",), *codes)
    yield from _documents(old.documents, new.documents)
    yield from _questions(old.content, new.content)


def _documents(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Difference]:
    for slug in (*old, *(slug for slug in new if slug not in old)):
        if slug not in new:
            yield Difference(Change.REMOVED, None, ("documents", slug))
        elif slug not in old:
            yield Difference(Change.ADDED, None, ("documents", slug))
        elif old[slug] != new[slug]:
            yield Difference(Change.CHANGED, None, ("documents", slug))


def _questions(old: DraftSet, new: DraftSet) -> Iterator[Difference]:
    before = {question.id: question for question in old.questions}
    after = {question.id: question for question in new.questions}
    for key, question in before.items():
        if key not in after:
            yield Difference(Change.REMOVED, key, (), before=_shown(question))
    moved = _moved([k for k in before if k in after], [k for k in after if k in before])
    for key, question in after.items():
        if key not in before:
            yield Difference(Change.ADDED, key, (), after=_shown(question))
            continue
        if key in moved:
            yield Difference(Change.MOVED, key, ())
        yield from _question(before[key], question)


def _moved(before: list[str], after: list[str]) -> set[str]:
    """The fewest questions whose moving explains the new order, roughly."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    stayed = {
        key for block in matcher.get_matching_blocks() for key in before[block.a :][: block.size]
    }
    return set(before) - stayed


def _question(old: Draft, new: Draft) -> Iterator[Difference]:
    key = new.id
    yield from _texts(key, ("claim",), old.claim, new.claim)
    for name in ("verdict", "rule", "as_of", "difficulty", "pair"):
        one, other = getattr(old, name), getattr(new, name)
        yield from _value(key, (name,), str(one or ""), str(other or ""))
    yield from _value(key, ("skills",), " ".join(old.skills), " ".join(new.skills))
    yield from _evidence(old, new)
    yield from _texts(key, ("explanation",), old.explanation, new.explanation)


def _evidence(old: Draft, new: Draft) -> Iterator[Difference]:
    before = {evidence_key(evidence): evidence for evidence in old.evidence}
    after = {evidence_key(evidence): evidence for evidence in new.evidence}
    for name, evidence in before.items():
        path: Path = ("evidence", name)
        if name not in after:
            yield Difference(Change.REMOVED, new.id, path, before=evidence.quote.exact)
        else:
            yield from _quote(new.id, path, evidence, after[name])
    for name, evidence in after.items():
        if name not in before:
            path = ("evidence", name)
            yield Difference(Change.ADDED, new.id, path, after=evidence.quote.exact)
    stayed = [name for name in after if name in before]
    if stayed != [name for name in before if name in after]:
        yield Difference(Change.MOVED, new.id, ("evidence",))


def _quote(
    question: str, path: Path, old: DraftEvidence, new: DraftEvidence
) -> Iterator[Difference]:
    yield from _value(question, (*path, "stance"), old.stance or "", new.stance or "")
    yield from _texts(question, (*path, "translation"), old.translation, new.translation)


def _texts(
    question: str | None, path: Path, old: Mapping[str, str], new: Mapping[str, str]
) -> Iterator[Difference]:
    for language in LANGUAGES:
        before, after = old.get(language, ""), new.get(language, "")
        yield from _value(question, (*path, language), before, after)


def _value(question: str | None, path: Path, before: str, after: str) -> Iterator[Difference]:
    if before == after:
        return
    change = Change.ADDED if not before else Change.REMOVED if not after else Change.CHANGED
    yield Difference(change, question, path, before, after)


def _shown(question: Draft) -> str:
    """What a question is called: its claim in the first language it has."""
    return next(iter(question.claim.values()), "")
