"""Pages and fragments: load, call, render."""

from __future__ import annotations

from . import accounts, documents, guide, home, preferences, progress, review, solo

BLUEPRINTS = (
    home.bp,
    solo.bp,
    review.bp,
    progress.bp,
    documents.bp,
    guide.bp,
    accounts.bp,
    preferences.bp,
)
