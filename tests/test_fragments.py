"""Pieces of pages that are kept: what they depend on, and what is out of their reach."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from jinja2 import ChoiceLoader, DictLoader, UndefinedError

import run
from quiz.web.fragments import Pieces
from tests import world

if TYPE_CHECKING:
    from flask import Flask

TEMPLATES = run.ROOT / "quiz" / "templates"
CACHED = sorted(
    {
        name
        for path in TEMPLATES.rglob("*.html")
        for name in re.findall(r'cached\(\s*"([^"]+)"', path.read_text(encoding="utf-8"))
    }
)
PIECES = {
    "one.html": "one {{ word }}",
    "two.html": "two {{ word }}",
    "counted.html": "{{ word.said() }}",
    "leaks.html": '{{ session["ui"] }}',
    "greets.html": "{{ player() }}",
    "signs.html": "{{ csrf_token() }}",
    "posts.html": "{{ csrf() }}",
}


@dataclass(eq=False)
class Speaker:
    """Counts how often it was asked; with `__hash__` taken away it is told apart by identity."""

    times: int = 0

    def said(self) -> int:
        self.times += 1
        return self.times


class Unhashable(Speaker):
    __hash__ = None  # type: ignore[assignment]


@pytest.fixture(scope="module")
def app() -> Iterator[Flask]:
    with world.running("sqlite://") as app:
        loader = app.jinja_env.loader
        assert loader
        app.jinja_env.loader = ChoiceLoader([DictLoader(PIECES), loader])
        yield app


def show(app: Flask, pieces: Pieces, template: str, **given: Any) -> str:
    """A page that is nothing but one piece; `ui` is the reader's language."""
    language = {"Accept-Language": given.pop("ui", "en")}
    arguments = ", ".join(f"{name}={name}" for name in given)
    page = app.jinja_env.from_string(f'{{{{ cached("{template}", {arguments}) }}}}')
    with app.test_request_context(headers=language):
        return page.render(cached=pieces.cached, **given)


@pytest.fixture
def pieces(app: Flask) -> Pieces:
    return Pieces(app.jinja_env)


def test_two_templates_with_the_same_values_are_two_pieces(app: Flask, pieces: Pieces) -> None:
    assert show(app, pieces, "one.html", word="x") == "one x"
    assert show(app, pieces, "two.html", word="x") == "two x"
    assert show(app, pieces, "one.html", word="y") == "one y"


def test_values_that_are_equal_and_look_different_are_two_pieces(
    app: Flask, pieces: Pieces
) -> None:
    assert show(app, pieces, "one.html", word=True) == "one True"
    assert show(app, pieces, "one.html", word=1) == "one 1"


@pytest.mark.parametrize("kind", [Speaker, Unhashable])
def test_a_piece_is_rendered_once_for_a_value_and_a_language(
    app: Flask, pieces: Pieces, kind: type[Speaker]
) -> None:
    one, other = kind(), kind()

    assert [show(app, pieces, "counted.html", word=one) for _ in range(2)] == ["1", "1"]
    assert show(app, pieces, "counted.html", word=one, ui="fr") == "2"
    assert show(app, pieces, "counted.html", word=other) == "1"


def test_the_piece_not_used_for_longest_goes_first(app: Flask) -> None:
    pieces = Pieces(app.jinja_env, limit=2)
    first, second, third = Speaker(), Speaker(), Speaker()
    for word in (first, second, first, third):
        show(app, pieces, "counted.html", word=word)

    assert show(app, pieces, "counted.html", word=first) == "1"
    assert show(app, pieces, "counted.html", word=second) == "2"


@pytest.mark.parametrize("template", ["leaks.html", "greets.html", "signs.html", "posts.html"])
def test_nothing_of_a_player_is_within_reach_of_a_piece(
    app: Flask, pieces: Pieces, template: str
) -> None:
    with pytest.raises(UndefinedError):
        show(app, pieces, template)


def test_a_value_that_was_not_given_is_an_error(app: Flask, pieces: Pieces) -> None:
    with pytest.raises(UndefinedError):
        show(app, pieces, "one.html")


@pytest.mark.parametrize("template", CACHED)
def test_what_is_cached_is_a_template_with_one_root_element(template: str) -> None:
    source = (TEMPLATES / template).read_text(encoding="utf-8")
    markup = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "", source, flags=re.DOTALL).strip()
    tag = re.match(r"<(\w+)", markup)

    assert tag
    assert markup.endswith(f"</{tag[1]}>")
    depth = 0
    for found in re.finditer(rf"<(/?){tag[1]}\b", markup):
        depth += -1 if found[1] else 1
        assert depth or found.end() >= len(markup) - len(tag[1])
