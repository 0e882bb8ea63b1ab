"""Pages and fragments: load, call, render."""

from __future__ import annotations

from . import (
    accounts,
    classes,
    desk,
    documents,
    guide,
    home,
    joining,
    live,
    members,
    preferences,
    progress,
    review,
    rooms,
    setup,
    solo,
)

BLUEPRINTS = (
    home.bp,
    solo.bp,
    review.bp,
    progress.bp,
    documents.bp,
    guide.bp,
    accounts.bp,
    live.bp,
    rooms.bp,
    joining.bp,
    classes.bp,
    members.bp,
    setup.bp,
    preferences.bp,
    *desk.BLUEPRINTS,
)
