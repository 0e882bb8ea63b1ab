"""Pages and fragments: load, call, render."""

from __future__ import annotations

from . import accounts, documents, guide, home, live, preferences, progress, review, rooms, solo

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
    preferences.bp,
)
