"""The context of a page says what its template needs, no less and no more."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from typing import TYPE_CHECKING

import pytest
from jinja2 import Environment, nodes
from jinja2.meta import find_referenced_templates, find_undeclared_variables

import quiz.views  # noqa: F401 - its modules have the pages
from quiz.web.pages import Page
from tests import world

if TYPE_CHECKING:
    from flask import Flask


def kinds_below(kind: type[Page]) -> Iterator[type[Page]]:
    """What is derived from a kind of page, and what from that."""
    for child in kind.__subclasses__():
        yield child
        yield from kinds_below(child)


def kinds_of_pages() -> list[type[Page]]:
    """Those of the game, each once: a dataclass with slots is made twice."""
    found = {
        kind
        for kind in kinds_below(Page)
        if kind.__module__.startswith("quiz.")
        and getattr(sys.modules[kind.__module__], kind.__name__) is kind
    }
    return sorted(found, key=lambda kind: kind.__name__)


PAGES = kinds_of_pages()
RENDERED = [kind for kind in PAGES if hasattr(kind, "template")]


@pytest.fixture(scope="module")
def app() -> Iterator[Flask]:
    with world.running("sqlite://") as app:
        yield app


@pytest.fixture(scope="module")
def bare(app: Flask) -> Environment:
    """The templates' environment without names of its own: all that they use is undeclared."""
    bare = app.jinja_env.overlay()
    bare.globals = {}
    return bare


@pytest.fixture(scope="module")
def known(app: Flask) -> set[str]:
    """The names that every template knows."""
    with app.test_request_context():
        given = [give() for known in app.template_context_processors.values() for give in known]
    return set(app.jinja_env.globals).union(*given)


@dataclass(frozen=True, slots=True)
class Names:
    """The names that a template, with all it is made of, takes from outside and makes itself."""

    used: frozenset[str]
    made: frozenset[str]


@cache
def names_in(templates: Environment, template: str) -> Names:
    """Those of a template and of what it extends, includes and imports from."""
    assert templates.loader
    tree = templates.parse(templates.loader.get_source(templates, template)[0])
    apart = {  # imported without context: they know the globals only
        found.template.value
        for found in tree.find_all(nodes.FromImport)
        if not found.with_context and isinstance(found.template, nodes.Const)
    }
    wanted = {part for part in find_referenced_templates(tree) if part} - apart
    parts = [names_in(templates, part) for part in wanted]
    made = {name.name for name in tree.find_all(nodes.Name) if name.ctx != "load"}
    made |= {macro.name for macro in tree.find_all(nodes.Macro)}
    made |= {one for found in tree.find_all(nodes.FromImport) for one in found.names}
    return Names(
        frozenset(find_undeclared_variables(tree)).union(*(part.used for part in parts)),
        frozenset(made).union(*(part.made for part in parts)),
    )


def used_by(templates: Environment, kind: type[Page]) -> frozenset[str]:
    """The names that a page's templates take from their context."""
    return (
        names_in(templates, kind.template).used
        | names_in(templates, kind.part or kind.template).used
    )


@pytest.mark.parametrize("kind", RENDERED, ids=lambda kind: kind.__name__)
def test_a_page_gives_what_its_template_needs(
    bare: Environment, known: set[str], kind: type[Page]
) -> None:
    given = {field.name for field in fields(kind)}
    found = names_in(bare, kind.template)
    assert not found.used - found.made - known - given


@pytest.mark.parametrize("kind", PAGES, ids=lambda kind: kind.__name__)
def test_every_field_of_a_page_is_used(bare: Environment, kind: type[Page]) -> None:
    inherited = {field.name for base in kind.__bases__ for field in fields(base)}
    own = {field.name for field in fields(kind)} - inherited
    family = [page for page in RENDERED if issubclass(page, kind)]
    assert family
    assert not own - set[str]().union(*(used_by(bare, page) for page in family))
