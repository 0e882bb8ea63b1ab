"""A question being edited: saved field by field, merged with what others wrote, undone.

Whoever saves sends what each field held when it was shown (its digest) and what it holds now. So
two people on one question lose nothing: different fields both stand, and of the same field both
versions come back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ...content.format.canonical import draft_from_dict, draft_to_dict
from ...domain.errors import BadInput
from ...domain.fields import LISTS, BadField, fields_of, with_fields
from ...domain.merge import field_digest, merge
from ...domain.message import msg
from ...domain.question_set import Draft
from ...models import DeskEdit, DeskQuestion, DeskSet, Player, Right
from ...storage.db import writing
from .contents import draft
from .rights import question_of, set_of
from .sets import touch

MOST_EDITS = 100
TYPING = timedelta(seconds=20)
"""Edits of one field by one trainer that follow each other within this time are one edit."""

LONGEST = {"claim": 600, "explanation": 4000, "evidence": 2000, "files": 2000}
"""Characters that a text can have, by the first word of its field's name; other fields 200."""
_LONGEST_OTHER = 200
NOT_OFFERED = msg("Choose one of the answers offered.")


@dataclass(frozen=True, slots=True)
class QuestionClash:
    """A field that somebody else changed meanwhile: both versions, and whose theirs is, and when.

    `is_gone` tells that the quote the field belongs to was removed.
    """

    field: str
    mine: str
    theirs: str
    by: str = ""
    at: datetime | None = None
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Saved:
    """A question as it is stored now, and what of the typed text is not in it."""

    draft: Draft
    edit_number: int
    at: datetime
    clashes: tuple[QuestionClash, ...] = ()
    has_changed: bool = False

    @property
    def fields(self) -> dict[str, str]:
        """Every field with its stored value."""
        return fields_of(self.draft)

    @property
    def digests(self) -> dict[str, str]:
        """What the next save names as its base."""
        return {name: field_digest(value) for name, value in _comparable(self.fields).items()}


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a question's history; `fields` are those that differ from the line before.

    "evidence" stands for quotes that were added or removed.
    """

    number: int
    by: str
    at: datetime
    fields: tuple[str, ...]
    is_shown: bool


def save_fields(
    session: Session,
    trainer: Player,
    question_id: int,
    mine: Mapping[str, str],
    base_digests: Mapping[str, str],
    now: datetime,
    is_typing: bool = True,
) -> Saved:
    """Store the fields that the trainer changed and nobody else did; of others, both versions.

    `mine` is what the fields hold, `base_digests` what they held when they were shown. A rule that
    is chosen brings its verdict. Unless `is_typing` is False, edits of one field in quick
    succession are one. Raises BadInput on a field that cannot hold its value, NotFound.
    """
    with writing(session):
        row, desk_set = hold(session, trainer, question_id)
        before = draft(row)
        stored = _comparable(fields_of(before))
        merged = merge(base_digests, _comparable(_usable(before, mine)), stored)
        changed = {name: value for name, value in merged.values.items() if value != stored[name]}
        after = _with_verdict(before, with_fields(before, changed))
        has_changed = store(session, row, desk_set, after, trainer, now, is_typing)
        clashing = {c.field: (c.mine, c.theirs) for c in merged.conflicts}
        clashes = (*_clashes(session, row, clashing), *_homeless(before, mine, base_digests))
        return _saved(row, clashes, has_changed)


def hold(session: Session, trainer: Player, question_id: int) -> tuple[DeskQuestion, DeskSet]:
    """The question and its set, to be changed: read anew and held. Inside a transaction.

    The set comes first, as everywhere: two who held them crosswise would wait for each other.
    Raises NotFound.
    """
    found = question_of(session, trainer, question_id, Right.EDIT)
    desk_set = set_of(session, trainer, found.set_id, Right.EDIT, lock=True)
    return question_of(session, trainer, question_id, Right.EDIT, lock=True), desk_set


def store(
    session: Session,
    row: DeskQuestion,
    desk_set: DeskSet,
    after: Draft,
    by: Player,
    now: datetime,
    is_typing: bool = False,
) -> bool:
    """Make a draft the question's content and its newest edit; whether anything changed.

    Inside a transaction that holds both rows. What was undone before cannot be redone after.
    """
    body = draft_to_dict(after)
    if body == row.body:
        return False
    edits = _edits(session, row, DeskEdit.number >= row.edit_number - 1)
    if is_typing and _goes_on(edits, row, after, by, now):
        edits[-1].body = body
    else:
        session.execute(
            delete(DeskEdit).where(
                DeskEdit.question_id == row.id,
                (DeskEdit.number > row.edit_number)
                | (DeskEdit.number <= row.edit_number + 1 - MOST_EDITS),
            )
        )
        row.edit_number += 1
        session.add(
            DeskEdit(question_id=row.id, number=row.edit_number, body=body, by_id=by.id, at=now)
        )
    row.body, row.updated_at = body, now
    touch(desk_set, now)
    session.flush()
    return True


def undo(session: Session, trainer: Player, question_id: int, now: datetime) -> Saved:
    """Go back by one edit, whoever made it; at the first one nothing happens. Raises NotFound."""
    return _move(session, trainer, question_id, -1, now)


def redo(session: Session, trainer: Player, question_id: int, now: datetime) -> Saved:
    """Take the last undo back; where nothing was undone nothing happens. Raises NotFound."""
    return _move(session, trainer, question_id, 1, now)


def now_stored(row: DeskQuestion) -> Saved:
    """A question as it is."""
    return _saved(row, (), False)


def ways(session: Session, row: DeskQuestion) -> tuple[bool, bool]:
    """Whether there is an edit to undo, and one to redo."""
    numbers = session.scalars(select(DeskEdit.number).where(DeskEdit.question_id == row.id)).all()
    return (
        any(number < row.edit_number for number in numbers),
        any(number > row.edit_number for number in numbers),
    )


def history(session: Session, trainer: Player, question_id: int) -> list[Entry]:
    """What became of a question, the newest edit first. Raises NotFound."""
    row = question_of(session, trainer, question_id)
    edits = _edits(session, row)
    names = _names(session, edits)
    entries = []
    for n, edit in enumerate(edits):
        earlier = draft_from_dict(edits[n - 1].body) if n else Draft(row.key)
        later = draft_from_dict(edit.body)
        known = fields_of(earlier).keys() & fields_of(later).keys()
        changed = [name if name in known else "evidence" for name in _changed(earlier, later)]
        is_shown = edit.number == row.edit_number
        name = names.get(edit.by_id or 0, "")
        fields = tuple(dict.fromkeys(changed))
        entries.append(Entry(edit.number, name, edit.at, fields, is_shown))
    return entries[::-1]


def contrast_with(
    session: Session, trainer: Player, question_id: int, other_id: int, now: datetime
) -> Saved:
    """Put two questions of a set into one contrast group: the same fact, so and otherwise.

    Raises BadInput on `contrast` when the other one is this one or of another set, NotFound.
    """
    with writing(session):
        row, desk_set = hold(session, trainer, question_id)
        other = question_of(session, trainer, other_id, Right.EDIT, lock=True)
        if other.id == row.id or other.set_id != row.set_id:
            raise BadInput("contrast", msg("Choose another question of this set."))
        partner = draft(other)
        name = partner.contrast or f"{other.key}-{row.key}"[:80]
        store(session, other, desk_set, replace(partner, contrast=name), trainer, now)
        changed = store(session, row, desk_set, replace(draft(row), contrast=name), trainer, now)
        return _saved(row, (), changed)


def _usable(before: Draft, mine: Mapping[str, str]) -> dict[str, str]:
    """What was typed as it would be stored. Raises BadInput."""
    stored = fields_of(before)
    for name, value in mine.items():
        if len(value) > LONGEST.get(name.partition(".")[0], _LONGEST_OTHER):
            raise BadInput(name, msg("This text is too long."))
    if mine.get("as_of", "").strip():
        try:
            if date.fromisoformat(day := mine["as_of"].strip()).isoformat() != day:
                raise ValueError(day)  # a week, or a day without hyphens: no file takes it
        except ValueError:
            raise BadInput("as_of", msg("Give a day, like 2026-01-31.")) from None
    try:
        after = fields_of(with_fields(before, mine))
    except BadField as error:
        raise BadInput(str(error), NOT_OFFERED) from None
    return {name: after[name] for name in mine if name in stored}


def _comparable(fields: Mapping[str, str]) -> dict[str, str]:
    """The fields with lists in alphabetical order: boxes that are ticked have no other."""
    lists = LISTS & fields.keys()
    return {**fields, **{name: " ".join(sorted(fields[name].split())) for name in lists}}


def _with_verdict(before: Draft, after: Draft) -> Draft:
    """The verdict follows a rule that was chosen without one."""
    if after.rule and after.rule != before.rule and after.verdict == before.verdict:
        return replace(after, verdict=after.rule.verdict)
    return after


def _goes_on(
    edits: Sequence[DeskEdit], row: DeskQuestion, after: Draft, by: Player, now: datetime
) -> bool:
    """Whether a change goes on with the newest edit: same trainer, same field, moments ago."""
    if len(edits) != 2 or edits[-1].number != row.edit_number:
        return False  # the first edit stays, and so does what could be redone
    earlier, last = edits
    if last.by_id != by.id or not timedelta() <= now - last.at <= TYPING:
        return False
    reached = draft_from_dict(last.body)
    return set(_changed(draft_from_dict(earlier.body), reached)) == set(_changed(reached, after))


def _changed(before: Draft, after: Draft) -> list[str]:
    """The fields that differ, in the order of the form; those of added and removed quotes too."""
    old, new = fields_of(before), fields_of(after)
    return [name for name in new | old if old.get(name) != new.get(name)]


def _move(session: Session, trainer: Player, question_id: int, way: int, now: datetime) -> Saved:
    with writing(session):
        row, desk_set = hold(session, trainer, question_id)
        number = DeskEdit.number
        query = select(DeskEdit).where(DeskEdit.question_id == row.id)
        if way < 0:
            query = query.where(number < row.edit_number).order_by(number.desc())
        else:
            query = query.where(number > row.edit_number).order_by(number)
        edit = session.scalars(query.limit(1)).first()
        if edit is not None:
            row.edit_number, row.body, row.updated_at = edit.number, edit.body, now
            touch(desk_set, now)
        return _saved(row, (), edit is not None)


def _clashes(
    session: Session, row: DeskQuestion, clashing: Mapping[str, tuple[str, str]]
) -> Iterable[QuestionClash]:
    """Who wrote their version, and when, for each field that clashes."""
    if not clashing:
        return
    edits = _edits(session, row)
    names = _names(session, edits)
    for name, (mine, theirs) in clashing.items():
        edit = _last_to_change(edits, row.edit_number, name)
        by = names.get(edit.by_id or 0, "") if edit else ""
        yield QuestionClash(name, mine, theirs, by, edit.at if edit else None)


def _last_to_change(edits: Sequence[DeskEdit], shown: int, name: str) -> DeskEdit | None:
    found = None
    value: str | None = ""
    for edit in edits:
        if edit.number <= shown:
            now_value = fields_of(draft_from_dict(edit.body)).get(name)
            found, value = (edit, now_value) if now_value != value else (found, value)
    return found


def _homeless(
    stored: Draft, mine: Mapping[str, str], base_digests: Mapping[str, str]
) -> Iterable[QuestionClash]:
    """What was typed for quotes that somebody removed meanwhile."""
    known = fields_of(stored)
    for name, value in mine.items():
        typed = value.replace("\r\n", "\n").strip()
        is_gone = name.startswith("evidence.") and name not in known
        if is_gone and typed and base_digests.get(name) != field_digest(typed):
            yield QuestionClash(name, typed, "", is_gone=True)


def _edits(session: Session, row: DeskQuestion, *which: object) -> list[DeskEdit]:
    query = select(DeskEdit).where(DeskEdit.question_id == row.id, *which)  # type: ignore[arg-type]
    return list(session.scalars(query.order_by(DeskEdit.number)))


def _names(session: Session, edits: Iterable[DeskEdit]) -> dict[int, str]:
    ids = {edit.by_id for edit in edits if edit.by_id}
    return {p.id: p.display_name for p in session.scalars(select(Player).where(Player.id.in_(ids)))}


def _saved(row: DeskQuestion, clashes: Iterable[QuestionClash], has_changed: bool) -> Saved:
    return Saved(draft(row), row.edit_number, row.updated_at, tuple(clashes), has_changed)
