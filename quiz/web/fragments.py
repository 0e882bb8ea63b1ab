"""Pieces of pages that are rendered once and kept: what a reveal explains never changes.

In a template: {{ cached("_shared/_why.html", revision=revision) }}. A piece is one whole template
with one root element. It is rendered with what it is given and the words of the game, and with
nothing else: no player, session or request is within its reach, and a name that was not given is
an error. Its key is all it depends on: the template, the two languages, and what it was given.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

from cachetools import LRUCache
from cachetools.keys import typedkey
from flask import render_template
from jinja2 import Environment, StrictUndefined, pass_context
from jinja2.defaults import DEFAULT_NAMESPACE
from jinja2.runtime import Context
from markupsafe import Markup

PIECES = 4000
WORDS = (
    *("_", "gettext", "ngettext", "url_for", "icons_file"),
    *("labels", "passages", "taxonomy", "confidences", "stakes"),
)
"""The globals of the templates that a piece may use: the same for everybody."""


@dataclass(frozen=True, slots=True, eq=False)
class _Same:
    """Stands in a key for a value without a hash: equal to that very object only."""

    value: object

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)


class Pieces:
    """The latest used pieces of an application, at most `limit`. Safe with threads."""

    def __init__(self, templates: Environment, limit: int = PIECES) -> None:
        self._templates = templates
        self._kept: LRUCache[Hashable, Markup] = LRUCache(limit)
        self._lock = Lock()

    @pass_context
    def cached(self, context: Context, template: str, /, **given: object) -> Markup:
        """The template rendered with what is given, which must never change; at best the kept one.

        Values are compared as keys of a dict are; those without a hash, such as documents, by
        identity.
        """
        languages = {name: context[name] for name in ("ui_language", "content_language")}
        parts = {name: _hashable(value) for name, value in given.items()}
        key = typedkey(template, *languages.values(), **parts)
        with self._lock:
            piece = self._kept.get(key)
        if piece is None:
            piece = self._render(template, {**languages, **given})
            with self._lock:
                self._kept[key] = piece
        return piece

    def _render(self, template: str, given: Mapping[str, object]) -> Markup:
        return Markup(self._apart.get_template(template).render(given))  # it escapes by itself

    @cached_property
    def _apart(self) -> Environment:
        """The templates' environment without what belongs to a request."""
        apart = self._templates.overlay(undefined=StrictUndefined)
        known = self._templates.globals
        apart.globals = DEFAULT_NAMESPACE | {name: known[name] for name in WORDS}
        return apart


def uncached(template: str, /, **given: object) -> Markup:
    """In the place of `cached`: the template rendered anew, and kept nowhere."""
    return Markup(render_template(template, **given))  # it escapes by itself


def _hashable(value: object) -> Hashable:
    if isinstance(value, tuple):
        return tuple(_hashable(one) for one in value)
    try:
        hash(value)
    except TypeError:
        return _Same(value)
    return value
