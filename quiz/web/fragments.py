"""Pieces of pages that are rendered once and kept: what a reveal explains never changes.

In a template: {{ cached("_shared/_why.html", revision=revision) }}. A piece is one whole template
with one root element. It is rendered with what it is given and the words of the game, and with
nothing else: no player, session or request is within its reach, and a name that was not given is
an error. Its key is all it depends on: the template, the two languages, and what it was given.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from flask import render_template
from jinja2 import Environment, StrictUndefined
from jinja2.defaults import DEFAULT_NAMESPACE
from jinja2.runtime import Macro
from markupsafe import Markup

from .i18n import reader_languages

PIECES = 4000
WORDS = (
    *("_", "gettext", "ngettext", "url_for", "icon"),
    *("labels", "passages", "taxonomy", "confidences", "stakes"),
    *("ui_language", "content_language"),
)
"""The globals of the templates that a piece may use: the same for all who read its languages."""


@dataclass(frozen=True, slots=True, eq=False)
class _Same:
    """Stands in a key for what has no hash: equal for that very object, or a tuple of the same."""

    value: object

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self._identity == other._identity

    def __hash__(self) -> int:
        return hash(self._identity)

    @property
    def _identity(self) -> Hashable:
        value = self.value
        return tuple(map(id, value)) if isinstance(value, tuple) else id(value)


class Pieces:
    """The latest used pieces of an application, at most `limit`. Safe with threads."""

    def __init__(self, templates: Environment, limit: int = PIECES) -> None:
        self._templates = templates
        self._piece = lru_cache(limit, typed=True)(self._render)

    def cached(self, template: str, /, **given: object) -> Markup:
        """The template rendered with what is given, which must never change; at best the kept one.

        Values are compared as keys of a dict are; those without a hash, such as documents, by
        identity.
        """
        parts = {name: _hashable(value) for name, value in given.items()}
        return self._piece(template, reader_languages(), **parts)

    def _render(self, template: str, _languages: tuple[str, str], /, **parts: Hashable) -> Markup:
        given = {n: part.value if isinstance(part, _Same) else part for n, part in parts.items()}
        return Markup(self._apart.get_template(template).render(given))  # it escapes by itself

    @cached_property
    def _apart(self) -> Environment:
        """The templates' environment without what belongs to a request."""
        apart = self._templates.overlay(undefined=StrictUndefined)
        known = self._templates.globals
        apart.globals = DEFAULT_NAMESPACE | {name: known[name] for name in WORDS}
        apart.globals.update(macros(apart))
        return apart


def uncached(template: str, /, **given: object) -> Markup:
    """In the place of `cached`: the template rendered anew, and kept nowhere."""
    return Markup(render_template(template, **given))  # it escapes by itself


def macros(templates: Environment) -> dict[str, Macro]:
    """The macros that every template knows without importing them."""
    known = vars(templates.get_template("_shared/_macros.html").module)
    return {name: macro for name, macro in known.items() if isinstance(macro, Macro)}


def _hashable(value: object) -> Hashable:
    try:
        hash(value)
    except TypeError:
        return _Same(value)
    return value
