"""The context of a page says what its template needs, no less and no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import pytest
from jinja2 import Environment, nodes
from jinja2.meta import find_referenced_templates, find_undeclared_variables

import quiz.views  # noqa: F401 - its modules have the pages
from quiz.web.pages import Page
from tests import world

FOR_ALL = {"ui_language", "content_language"}
# By template: a dataclass with slots is made twice.
PAGES = {page.template: page for page in Page.__subclasses__()}


def parsed(templates: Environment, name: str) -> nodes.Template:
    """A template's syntax tree."""
    assert templates.loader
    return templates.parse(templates.loader.get_source(templates, name)[0])


def own(templates: Environment, name: str) -> set[str]:
    """The names that the page's own file asks of its context: blocks do not see imports as such."""
    tree = parsed(templates, name)
    imported = {one for found in tree.find_all(nodes.FromImport) for one in found.names}
    made = {macro.name for macro in tree.find_all(nodes.Macro)}
    made |= {name.name for name in tree.find_all(nodes.Name) if name.ctx == "store"}
    return find_undeclared_variables(tree) - imported - made


def used(templates: Environment, name: str) -> set[str]:
    """The names that a template asks of its context, itself or in what it is made of."""
    tree = parsed(templates, name)
    parts = [part for part in find_referenced_templates(tree) if part]
    return find_undeclared_variables(tree).union(*(used(templates, part) for part in parts))


@pytest.fixture(scope="module")
def templates() -> Iterator[Environment]:
    with world.running("sqlite://") as app:
        yield app.jinja_env


@pytest.mark.parametrize("template", sorted(PAGES))
def test_a_page_gives_its_template_what_it_needs(templates: Environment, template: str) -> None:
    given = {field.name for field in fields(PAGES[template])}

    assert own(templates, template) <= given | FOR_ALL | set(templates.globals)
    assert given <= used(templates, template)
