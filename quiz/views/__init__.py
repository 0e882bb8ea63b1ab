"""Pages and fragments: load, call, render."""

from __future__ import annotations

from . import desk
from .accounts import account, preferences, setup
from .classes import classrooms, joining, members
from .library import documents, guide
from .live import host, seat
from .play import home, progress, review, solo

BLUEPRINTS = (
    home.bp,
    solo.bp,
    review.bp,
    progress.bp,
    documents.bp,
    guide.bp,
    account.bp,
    seat.bp,
    host.bp,
    joining.bp,
    classrooms.bp,
    members.bp,
    setup.bp,
    preferences.bp,
    *desk.BLUEPRINTS,
)
