"""What the editor's one form sends: the fields as they were typed, and what a button asks for.

Every button saves first and acts then, so that nothing typed gets lost on the way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from ...domain.errors import BadInput
from ...domain.fields import LISTS
from ...domain.quote import Span
from ...models import DeskQuestion, Player, Right
from ...services.desk import editing, quoting
from ...services.desk.editing import Saved
from ...services.desk.rights import LARGEST_ID, question_of
from ...services.library.catalogue import parse_pointer

_BASE, _THEIRS, _PARTNER = "base.", "theirs.", "with:"


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of a form and the digests of what they showed; `partner` is to contrast with."""

    mine: Mapping[str, str]
    bases: Mapping[str, str]
    quote: str = ""
    partner: int | None = None


@dataclass(frozen=True, slots=True)
class FormResult:
    """What came of a form: the question as stored, what was refused, where to go on."""

    saved: Saved
    error: BadInput | None = None
    go_to: int | None = None
    refused: Mapping[str, str] = field(default_factory=dict)


def typed(form: MultiDict[str, str]) -> Typed:
    """The fields that the form shows: those it names a base of. A box not ticked sends nothing."""
    bases = {name[len(_BASE) :]: base for name, base in form.items() if name.startswith(_BASE)}
    mine = {name: form.get(name, "") for name in bases}
    mine |= {name: " ".join(form.getlist(name)) for name in LISTS & mine.keys()}
    verb, _, name = form.get("act", "").partition(":")
    if verb == "keep" and name in bases:
        bases[name] = form.get(_THEIRS + name, "")  # what was seen and is to be replaced
    elif verb == "theirs":
        mine.pop(name, None)
    partner = None
    if mine.get("contrast", "").startswith(_PARTNER):
        partner = _number(mine.pop("contrast").removeprefix(_PARTNER))
    return Typed(mine, bases, form.get("quote", ""), partner)


def carry_out(
    session: Session, who: Player, question_id: int, form: MultiDict[str, str], now: datetime
) -> FormResult:
    """Save what was typed, then do what the button asks for. Raises NotFound."""
    sent = typed(form)
    try:
        saved = editing.save_fields(session, who, question_id, sent.mine, sent.bases, now)
    except BadInput as error:
        row = question_of(session, who, question_id, Right.EDIT)
        return FormResult(editing.now_stored(row), error, refused=sent.mine)
    try:
        after = _act(session, who, question_id, form.get("act", ""), sent, now)
    except BadInput as error:
        return FormResult(saved, error)
    if isinstance(after, DeskQuestion):
        return FormResult(saved, go_to=after.id)
    return FormResult(_with_clashes(after, saved) if after else saved)


def passage_in(text: str) -> tuple[str, Span]:
    """A passage as a button names it, "slug:start-end". Raises BadInput."""
    try:
        slug, span = parse_pointer(text)
    except ValueError:
        raise BadInput("quote", quoting.QUOTE_PLACE) from None
    return slug, span


def _act(
    session: Session, who: Player, question_id: int, act: str, sent: Typed, now: datetime
) -> Saved | DeskQuestion | None:
    verb, _, rest = act.partition(":")
    match verb:
        case "undo":
            return editing.undo(session, who, question_id, now)
        case "redo":
            return editing.redo(session, who, question_id, now)
        case "save" if not sent.quote.strip():
            pass
        case "save" | "find":  # Enter in the box of the quote, without a script
            return quoting.add_typed(session, who, question_id, sent.quote, now)
        case "use":
            return quoting.add_passage(session, who, question_id, *passage_in(rest), now)
        case "remove":
            return quoting.remove_evidence(session, who, question_id, rest, now)
        case "fill":
            return _fill(session, who, question_id, rest, now)
        case "start" | "new":
            return _start(session, who, question_id, rest, now)
    if sent.partner is not None:
        return editing.contrast_with(session, who, question_id, sent.partner, now)
    return None


def _fill(session: Session, who: Player, question_id: int, rest: str, now: datetime) -> Saved:
    """Put a text over what a field holds, as an edit of its own: undo brings that back."""
    name, _, text = rest.partition(":")
    row = question_of(session, who, question_id, Right.EDIT)
    bases = editing.now_stored(row).digests
    if name not in bases:
        raise BadInput("act", editing.NOT_OFFERED)
    return editing.save_fields(session, who, question_id, {name: text}, bases, now, False)


def _start(
    session: Session, who: Player, question_id: int, rest: str, now: datetime
) -> DeskQuestion:
    """A new question in the same set: "" or "slug:start-end skill skill"."""
    set_id = question_of(session, who, question_id, Right.EDIT).set_id
    passage, *skills = rest.split()[:4] or [""]
    where = passage_in(passage) if passage else None
    return quoting.start_question(session, who, set_id, now, where, skills)


def _with_clashes(after: Saved, saved: Saved) -> Saved:
    """The newer state; what clashed when the typed text was saved still does."""
    clashes = saved.clashes or after.clashes
    return Saved(after.draft, after.edit_number, after.at, clashes, after.has_changed)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 11 else LARGEST_ID + 1
