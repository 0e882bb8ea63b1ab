"""A browser without scripts: reads pages as a tree, fills in their forms, follows redirects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element

import html5lib

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from quiz.models import Player, Round


def tree(html: str) -> Element:
    """The page as a browser reads it; tags without a namespace."""
    return html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False)


def part(html: str) -> Element:
    """The root element of a fragment; fails unless there is exactly one."""
    root = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
    (only,) = list(root)
    return only


def by_id(page: Element, id: str) -> Element:
    """The one element with this id."""
    (found,) = [element for element in page.iter() if element.get("id") == id]
    return found


def words(element: Element) -> str:
    """The element's text, white space collapsed."""
    return " ".join("".join(element.itertext()).split())


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it would be sent untouched."""

    method: str
    action: str
    fields: dict[str, str]


def forms(page: Element) -> Iterator[Form]:
    """The forms of a page, with what is filled in or chosen."""
    for form in page.iter("form"):
        yield Form(form.get("method", "get"), form.get("action", ""), dict(_fields(form)))


def _fields(form: Element) -> Iterator[tuple[str, str]]:
    for field in form.iter():
        name = field.get("name")
        kind = field.get("type", "text")
        if field.tag == "input" and name:
            if kind not in ("radio", "checkbox") or "checked" in field.attrib:
                yield name, field.get("value", "")
        elif field.tag == "select" and name:
            options = list(field.iter("option"))
            chosen = [o for o in options if "selected" in o.attrib] or options
            yield name, chosen[0].get("value", "")


def form_to(page: Element, action: str) -> Form:
    """The form that posts to an address ending like this; the first if there are several."""
    return next(form for form in forms(page) if form.action.endswith(action))


def without_noise(html: str) -> str:
    """The page without what differs each time by design: CSRF tokens and idempotency keys."""
    html = re.sub(r'name="csrf_token" value="[^"]+"', 'name="csrf_token" value="…"', html)
    return re.sub(r'name="key" value="[\w-]{22}((-\d+)?)"', r'name="key" value="…\1"', html)


class Visitor:
    """One person's browser."""

    def __init__(self, client: FlaskClient, player: Player | None) -> None:
        self.client = client
        self.player = player
        if player is not None:
            with client.session_transaction() as cookie:
                cookie["_user_id"] = f"{player.id}.{player.session_token}"

    def open(self, address: str, **options: Any) -> TestResponse:
        """Any request, as the test client takes it; the response is read to its end."""
        return self.client.open(address, buffered=True, **options)

    def get(self, address: str, **options: Any) -> TestResponse:
        """GET, without following."""
        return self.open(address, **options)

    def post(self, address: str, **fields: Any) -> TestResponse:
        """POST a form, without following."""
        return self.open(address, method="POST", data=fields)

    def read(self, address: str) -> Element:
        """The page at an address, redirects followed; it must be there."""
        response = self.get(address, follow_redirects=True)
        assert response.status_code == 200, (address, response.status_code)
        return tree(response.text)

    def send(self, form: Form, **fields: Any) -> TestResponse:
        """Send a form of a page, filled in."""
        assert form.method == "post"
        return self.post(form.action, **{**form.fields, **fields})

    def answer(self, played: Round, position: int, **fields: Any) -> TestResponse:
        """Open a question and answer it with the plain form; fields as the form names them."""
        page = self.read(place(played, position))
        chosen = {"verdict": "true", "confidence": "2"}
        return self.send(form_to(page, f"/{position}/answer"), **{**chosen, **fields})


def place(played: Round, position: int, rest: str = "") -> str:
    """The address of a question in a round."""
    return f"/rounds/{played.id}/{position}{rest}"
