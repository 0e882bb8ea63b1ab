"""A set's questions as a table, out and in; it carries unfinished questions too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from ...content.format.spreadsheet_writing import Table
from ...content.intake.question_table import table_of
from ...domain.question_set import Draft
from ...models import DeskSet, Player, Right
from ...storage.db import writing
from .contents import draft_set, rows_of_documents
from .exchange import ImportPlan, plan_for, with_the_rest
from .rewriting import rewrite
from .rights import set_of
from .uploads import use_up


def table_of_set(session: Session, trainer: Player, set_id: int) -> tuple[str, Table]:
    """The slug of a set open to the trainer, and its questions as a table. Raises NotFound."""
    row = set_of(session, trainer, set_id)
    return row.slug, table_of(draft_set(session, row).questions)


def dry_run_table(
    session: Session, trainer: Player, set_id: int, drafts: Sequence[Draft]
) -> ImportPlan:
    """What bringing a table's questions into a set would do; nothing is done. Raises NotFound."""
    row = set_of(session, trainer, set_id, Right.EDIT)
    return plan_for(session, row, replace(draft_set(session, row), questions=tuple(drafts)))


def import_table(
    session: Session,
    trainer: Player,
    upload_id: str,
    set_id: int,
    drafts: Sequence[Draft],
    now: datetime,
    *,
    is_exact: bool = False,
) -> DeskSet:
    """Change and add the questions of a table, and let the file go; all of it or nothing.

    With `is_exact` the set loses the questions that the table has not. Raises NotFound when the
    set or the file is gone, BadInput when there are too many questions.
    """
    with writing(session):
        use_up(session, trainer, upload_id)
        row = set_of(session, trainer, set_id, Right.EDIT, lock=True)
        before = draft_set(session, row)
        wanted = replace(before, questions=tuple(drafts))
        wanted = wanted if is_exact else with_the_rest(before, wanted)
        rewrite(session, trainer, row, wanted, rows_of_documents(session, row), now)
    return row
