"""A set of the trainer's, and where its pages are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from quiz.models import DeskSet, Right
from quiz.services.desk import sharing
from tests.desk import create_ready_set
from tests.views.pages import Visitor

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@pytest.fixture
def made(session: Session, trainer: Visitor) -> DeskSet:
    """A set of the trainer's with three questions, ready to publish."""
    assert trainer.player
    return create_ready_set(session, trainer.player)


def there(made: DeskSet, rest: str = "") -> str:
    """The address of the set's page, or one below it."""
    return f"/desk/sets/{made.id}{rest}"


def share(session: Session, owner: Visitor, other: Visitor, made: DeskSet, right: Right) -> None:
    """Share a set."""
    assert owner.player
    assert other.player
    sharing.share(session, owner.player, made.id, other.player.display_name, right)
