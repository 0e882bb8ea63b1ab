"""What changed between two versions of a set, as data that a page can put into words."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import TypeAlias, TypeVar

from .draft import DraftSet, Path, draft_of
from .fields import FIELDS, Field
from .question_set import Draft, DraftEvidence, QuestionSet, Text


class DifferenceKind(StrEnum):
    """What happened: a thing or a value came, went, stands elsewhere, or is another one."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    CHANGED = "changed"


class Op(StrEnum):
    """What became of a stretch of words."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of words with the white space in it."""

    op: Op
    words: str


Value: TypeAlias = str | int | tuple[str, ...] | Draft | DraftEvidence | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference.

    field: one of a question's (`fields.FIELDS`) or "title", "summary", "languages", "document",
    "question", "evidence", "quote", "stance", "translation", or "place": a quote's prefix and
    suffix, which tell twins apart. question: its id, None for what belongs to the set. path: where
    in the question, as in `draft.missing`, or in the set; empty for a question itself. Indices of
    evidence count from 0 in the new version, in the old one for what was removed. before, after:
    the values, None where there is none; of a moved thing its places, from 1; of a document whose
    text changed its digests. words: both versions of a text run together, empty for anything else.
    """

    kind: DifferenceKind
    field: str
    question: str | None
    path: Path
    before: Value
    after: Value
    words: tuple[Segment, ...] = ()


Digests: TypeAlias = Mapping[str, str]
E = TypeVar("E")

_UNKNOWN: Digests = {}
_TOKENS = re.compile(r"\s+|\w+|[^\w\s]")
_TEXTS = frozenset(
    {
        *("title", "summary", "quote", "translation"),
        *(field.name for field in FIELDS if field.is_text),
    }
)


def differences(
    old: DraftSet | QuestionSet,
    new: DraftSet | QuestionSet,
    old_documents: Digests = _UNKNOWN,
    new_documents: Digests = _UNKNOWN,
) -> tuple[Difference, ...]:
    """What is different in `new`: of the set first, then question by question as they stand there.

    The documents' digests by slug say whose text changed; one that is not given is not compared.
    Ids of questions and slugs of documents are unique in a set; the sets' own slugs are not
    compared, and an empty text is one that is not written. Equal versions have no difference, all
    others have one.
    """
    was, now = _draft_set(old), _draft_set(new)
    return (
        *_texts(None, "title", ("title",), was.title, now.title),
        *_texts(None, "summary", ("summary",), was.summary, now.summary),
        *_value(None, "languages", ("languages",), was.languages, now.languages),
        *_documents(was.documents, now.documents, old_documents, new_documents),
        *_things(
            (was.questions, now.questions),
            (lambda question: question.id,),
            lambda kind, _n, question, *values: Difference(
                kind, "question", question.id, (), *values
            ),
            _question,
        ),
    )


def word_changes(before: str, after: str) -> tuple[Segment, ...]:
    """Two texts run together, word by word; of what was replaced the old words come first.

    The words that are not ADDED make up `before`, those that are not REMOVED `after`, exactly.
    """
    old, new = _TOKENS.findall(before), _TOKENS.findall(after)
    matcher = SequenceMatcher(str.isspace, old, new, autojunk=False)
    found: list[Segment] = []
    removed = added = ""
    for op, i, i_end, j, j_end in matcher.get_opcodes():
        gone, come = "".join(old[i:i_end]), "".join(new[j:j_end])
        # A space between two changed words does not part them: "two boats" is replaced as a whole.
        if op == "equal" and not (gone.isspace() and (removed or added)):
            found += [Segment(Op.REMOVED, removed), Segment(Op.ADDED, added)]
            found.append(Segment(Op.SAME, gone))
            removed = added = ""
        else:
            removed, added = removed + gone, added + come
    found += [Segment(Op.REMOVED, removed), Segment(Op.ADDED, added)]
    return tuple(segment for segment in found if segment.words)


def _draft_set(version: DraftSet | QuestionSet) -> DraftSet:
    if isinstance(version, DraftSet):
        return version
    return DraftSet(
        slug=version.slug,
        title=version.title,
        summary=version.summary,
        documents=version.documents,
        questions=tuple(draft_of(question) for question in version.questions),
    )


def _documents(
    old: Sequence[str], new: Sequence[str], old_digests: Digests, new_digests: Digests
) -> Iterator[Difference]:
    def text(slug: str, _same: str, _n: int) -> Iterator[Difference]:
        if slug in old_digests and slug in new_digests:
            digests = old_digests[slug], new_digests[slug]
            yield from _value(None, "document", ("documents", slug), *digests)

    yield from _things(
        (old, new),
        (str,),
        lambda kind, _n, slug, *values: Difference(
            kind, "document", None, ("documents", slug), *values
        ),
        text,
    )


def _question(old: Draft, new: Draft, _n: int) -> Iterator[Difference]:
    """In the order of the form."""
    claim, *others = FIELDS
    yield from _in(claim, old, new)

    def evidence(was: DraftEvidence, now: DraftEvidence, n: int) -> Iterator[Difference]:
        return _evidence(new.id, ("evidence", n), was, now)

    yield from _things(
        (old.evidence, new.evidence),
        _ALIKE,
        lambda kind, n, _evidence, *values: Difference(
            kind, "evidence", new.id, ("evidence", n), *values
        ),
        evidence,
    )
    for field in others:
        yield from _in(field, old, new)


def _in(field: Field, old: Draft, new: Draft) -> Iterator[Difference]:
    name = field.name
    tell = _texts if field.is_text else _value
    yield from tell(new.id, name, (name,), getattr(old, name), getattr(new, name))


_ALIKE: tuple[Callable[[DraftEvidence], Hashable], ...] = (
    lambda evidence: (evidence.document, evidence.quote),
    lambda evidence: (evidence.document, evidence.quote.exact),
    lambda evidence: evidence.quote.exact,
    lambda evidence: evidence.document,
)
"""Evidence has no name: what is most alike is taken for the same, a new quote for the old one."""


def _evidence(
    question: str, path: Path, old: DraftEvidence, new: DraftEvidence
) -> Iterator[Difference]:
    yield from _value(question, "document", (*path, "document"), old.document, new.document)
    if old.quote.exact != new.quote.exact:
        exact = old.quote.exact, new.quote.exact
        yield from _value(question, "quote", (*path, "quote"), *exact)
    else:
        places = ((q.prefix, q.suffix) for q in (old.quote, new.quote))
        yield from _value(question, "place", (*path, "quote"), *places)
    yield from _value(question, "stance", (*path, "stance"), old.stance, new.stance)
    translation = old.translation, new.translation
    yield from _texts(question, "translation", (*path, "translation"), *translation)


def _texts(
    question: str | None, field: str, path: Path, old: Text, new: Text
) -> Iterator[Difference]:
    """A difference for each language."""
    for language in {**old, **new}:
        yield from _value(question, field, (*path, language), old.get(language), new.get(language))


def _value(
    question: str | None, field: str, path: Path, before: Value, after: Value
) -> Iterator[Difference]:
    before, after = before or None, after or None
    if before == after:
        return
    kind = (
        DifferenceKind.ADDED
        if before is None
        else DifferenceKind.REMOVED
        if after is None
        else DifferenceKind.CHANGED
    )
    words: tuple[Segment, ...] = ()
    if field in _TEXTS:
        words = word_changes(str(before or ""), str(after or ""))
    yield Difference(kind, field, question, path, before, after, words)


def _things(
    versions: tuple[Sequence[E], Sequence[E]],
    keys: Sequence[Callable[[E], Hashable]],
    difference: Callable[..., Difference],
    inside: Callable[[E, E, int], Iterator[Difference]],
) -> Iterator[Difference]:
    """What came, moved or is different inside, in the new order, and then what went.

    `keys` as in `_pairs`. `difference` makes one of a kind, an index, a thing, before and after.
    """
    old, new = versions
    pairs = _pairs(old, new, keys)
    steady = _steady(pairs)
    for i, j in pairs:
        if i is not None and j is not None:
            if j not in steady:
                yield difference(DifferenceKind.MOVED, j, new[j], i + 1, j + 1)
            yield from inside(old[i], new[j], j)
        elif j is not None:
            yield difference(DifferenceKind.ADDED, j, new[j], None, new[j])
        elif i is not None:
            yield difference(DifferenceKind.REMOVED, i, old[i], old[i], None)


def _pairs(
    old: Sequence[E], new: Sequence[E], keys: Sequence[Callable[[E], Hashable]]
) -> list[tuple[int | None, int | None]]:
    """Which of the old is which of the new, by index, None for no counterpart.

    What agrees in the first key is paired first, then of the rest what agrees in the second.
    """
    partner: dict[int, int] = {}
    left = dict.fromkeys(range(len(old)))
    for key in keys:
        waiting: dict[Hashable, list[int]] = {}
        for i in left:
            waiting.setdefault(key(old[i]), []).append(i)
        for j, thing in enumerate(new):
            if j not in partner and waiting.get(key(thing)):
                partner[j] = waiting[key(thing)].pop(0)
                del left[partner[j]]
    return [*((partner.get(j), j) for j in range(len(new))), *((i, None) for i in left)]


def _steady(pairs: Sequence[tuple[int | None, int | None]]) -> set[int]:
    """The new indices of a longest part that kept its order: only the others have moved."""
    ends: list[int] = []
    runs: list[list[int]] = []  # the run of each length that ends earliest in the old order
    for i, j in pairs:
        if i is not None and j is not None:
            at = bisect_left(ends, i)
            run = [*(runs[at - 1] if at else ()), j]
            ends[at : at + 1], runs[at : at + 1] = [i], [run]
    return set(runs[-1]) if runs else set()
