"""The context of a page says what its template needs, no less and no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import TYPE_CHECKING

import pytest
from jinja2 import Environment
from jinja2.meta import find_referenced_templates, find_undeclared_variables

import quiz.views  # noqa: F401 - its modules have the pages
from quiz.web.pages import Page

if TYPE_CHECKING:
    from flask import Flask

FOR_ALL = {"ui_language", "content_language"}
PAGES = sorted(Page.__subclasses__(), key=lambda page: page.template)


def used(templates: Environment, name: str) -> set[str]:
    """The names that a template asks of its context, itself or in what it is made of."""
    assert templates.loader
    parsed = templates.parse(templates.loader.get_source(templates, name)[0])
    parts = [part for part in find_referenced_templates(parsed) if part]
    return find_undeclared_variables(parsed).union(*(used(templates, part) for part in parts))


def own(templates: Environment, name: str) -> set[str]:
    """The names that the page's own file asks of its context."""
    assert templates.loader
    return find_undeclared_variables(
        templates.parse(templates.loader.get_source(templates, name)[0])
    )


@pytest.fixture
def templates(app: Flask) -> Iterator[Environment]:
    with app.app_context():
        yield app.jinja_env


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.template)
def test_a_page_gives_its_template_what_it_needs(templates: Environment, page: type[Page]) -> None:
    given = {field.name for field in fields(page)}
    known = given | FOR_ALL | set(templates.globals)

    assert own(templates, page.template) <= known
    assert given <= used(templates, page.template)
