"""Pieces of pages that are rendered once and kept: what a reveal explains never changes.

In a template: {% call remembered("why", revision) %} … {% endcall %}. The key must hold everything
the piece depends on; the two languages are added here. Nothing of a player may be in a piece that
its key does not name.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from jinja2 import pass_context
from jinja2.runtime import Context

PIECES = 4000


class Fragments:
    """The latest used pieces, at most `limit`. Safe with threads."""

    def __init__(self, limit: int = PIECES) -> None:
        self._limit = limit
        self._pieces: OrderedDict[Hashable, str] = OrderedDict()
        self._lock = Lock()

    @pass_context
    def remembered(self, context: Context, *key: Hashable, caller: Callable[[], str]) -> str:
        """The piece kept under this key, rendered by `caller` the first time."""
        full = (context["ui_language"], context["content_language"], *key)
        with self._lock:
            piece = self._pieces.get(full)
            if piece is not None:
                self._pieces.move_to_end(full)
                return piece
        piece = caller()
        with self._lock:
            self._pieces[full] = piece
            if len(self._pieces) > self._limit:
                self._pieces.popitem(last=False)
        return piece
