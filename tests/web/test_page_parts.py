"""A page and its part are one view under two addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pytest
from flask import Blueprint, Flask, url_for
from flask.testing import FlaskClient
from jinja2 import DictLoader
from werkzeug.wrappers import Response as Redirect

from quiz.domain.errors import BadInput
from quiz.domain.message import msg
from quiz.web.page_parts import Answer, Rendering, page_and_part
from quiz.web.pages import Page

HTMX = {"HX-Request": "true"}
TEMPLATES = {
    "tales/tale.html": '<html>{% include "tales/_tale.html" %}</html>',
    "tales/_tale.html": "<p>{{ name }}</p>",
    "tales/_ending.html": "<i>{{ name }}</i>",
}


@dataclass(frozen=True, slots=True)
class Tale(Page):
    template: ClassVar = "tales/tale.html"
    name: str


@dataclass(frozen=True, slots=True)
class TaleWithEnding(Tale):
    part: ClassVar = "tales/_ending.html"


@pytest.fixture
def tales() -> Flask:
    """A site of one blueprint."""
    bp = Blueprint("tales", __name__)

    @page_and_part(bp, "/tales/<name>")
    def tale(rendering: Rendering, name: str) -> str:
        return rendering.render(Tale(name))

    @page_and_part(bp, "/endings/<name>", part="/endings/<name>/<mood>/part")
    def ending(rendering: Rendering, name: str, mood: str = "") -> str:
        return rendering.render(TaleWithEnding(name + mood))

    @page_and_part(bp, "/told/<name>", method="POST")
    def tell(rendering: Rendering, name: str) -> Redirect:
        return rendering.leave(f"/tales/{name}")

    @page_and_part(bp, "/kept/<name>", method="POST")
    def keep(rendering: Rendering, name: str) -> Answer:
        error = BadInput("name", msg("No.")) if name == "wolf" else None
        return rendering.after(lambda: rendering.render(Tale(name)), "/tales/", error)

    app = Flask(__name__)
    app.jinja_loader = DictLoader(TEMPLATES)
    app.register_blueprint(bp)
    return app


@pytest.fixture
def reader(tales: Flask) -> FlaskClient:
    """A visitor of it."""
    return tales.test_client()


def test_the_page_holds_what_the_part_is(reader: FlaskClient) -> None:
    assert reader.get("/tales/fox").text == "<html><p>fox</p></html>"
    assert reader.get("/tales/fox/part").text == "<p>fox</p>"


def test_the_address_alone_decides_which_of_them_is_given(reader: FlaskClient) -> None:
    assert reader.get("/tales/fox", headers=HTMX).text == "<html><p>fox</p></html>"


def test_a_part_may_have_another_template_and_another_address(reader: FlaskClient) -> None:
    assert reader.get("/endings/fox").text == "<html><p>fox</p></html>"
    assert reader.get("/endings/fox/sad/part").text == "<i>foxsad</i>"
    assert reader.get("/endings/fox/part").status_code == 404


def test_the_endpoints_are_the_views_name_and_the_same_with_part(tales: Flask) -> None:
    with tales.test_request_context():
        assert url_for("tales.tale", name="fox") == "/tales/fox"
        assert url_for("tales.tale_part", name="fox") == "/tales/fox/part"


def test_both_answer_to_the_one_method_only(reader: FlaskClient) -> None:
    for address in ("/told/fox", "/told/fox/part"):
        assert reader.post(address).status_code == 303
        assert reader.get(address).status_code == 405
    assert reader.post("/tales/fox/part").status_code == 405


def test_htmx_loads_the_page_that_a_part_leads_to(reader: FlaskClient) -> None:
    led = reader.post("/told/fox/part", headers=HTMX)

    assert (led.status_code, led.headers["HX-Redirect"]) == (200, "/tales/fox")


@pytest.mark.parametrize("address", ["/told/fox", "/told/fox/part"])
def test_whoever_has_no_htmx_is_redirected(reader: FlaskClient, address: str) -> None:
    led = reader.post(address)

    assert (led.status_code, led.headers["Location"]) == (303, "/tales/fox")


def test_a_form_that_is_taken_leads_on_and_its_part_comes_back(reader: FlaskClient) -> None:
    taken = reader.post("/kept/fox")
    assert (taken.status_code, taken.location) == (303, "/tales/")
    assert reader.post("/kept/fox/part").text == "<p>fox</p>"


def test_a_form_that_is_refused_comes_back_as_it_was_wanted(reader: FlaskClient) -> None:
    page, part = reader.post("/kept/wolf"), reader.post("/kept/wolf/part")
    assert (page.status_code, page.text) == (422, "<html><p>wolf</p></html>")
    assert (part.status_code, part.text) == (422, "<p>wolf</p>")
