"""What every response carries, and what no page contains."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
import pytest

from quiz.config import flask_config, read_settings
from quiz.domain.answer import Mode
from tests import factories
from tests.factories import SKETCHES, create_answers, create_round, everything, finish
from tests.views.pages import Visitor, forms, tree

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session
    from werkzeug.test import TestResponse

# As the design has them, written out again: a change of the policy is a decision, not a slip.
ALWAYS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; script-src-attr 'none'; style-src 'self'; "
        "img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
        "form-action 'self'; base-uri 'none'; object-src 'none'; frame-src 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
HSTS = "max-age=63072000; includeSubDomains"
KINDS = [
    ("GET", "/", 200),
    ("GET", "/account/", 303),
    ("GET", "/review", 308),
    ("GET", "/nowhere", 404),
    ("GET", "/rounds/x/1/part", 404),
    ("GET", "/healthz", 200),
    ("PUT", "/", 405),
    ("OPTIONS", "/", 200),
    ("HEAD", "/guide/", 200),
    ("POST", "/preferences", 400),  # without a token
    ("POST", "/account/sign-in", 413),  # too much
    ("GET", "/static/css/base.css", 200),
    ("GET", "/static/nowhere.css", 404),
    ("GET", "/static/../config.py", 404),
    ("GET", "/scripts/abc/base.js", 404),
    ("GET", "/boom", 500),
]


@pytest.fixture
def app(database_url: str, questions: Path) -> Iterator[Flask]:
    """The game with its protection against forged forms, and one broken page."""
    with factories.playing(database_url, questions, WTF_CSRF_ENABLED=True) as app:
        app.add_url_rule("/boom", view_func=boom)
        yield app


def boom() -> str:
    """Fails."""
    raise RuntimeError("a secret detail")


@contextmanager
def profile(name: str, database_url: str, questions: Path) -> Iterator[Flask]:
    """The game as it runs under a profile."""
    config = flask_config(replace(read_settings(), profile=name))
    config |= {"SQLALCHEMY_DATABASE_URI": database_url, "WTF_CSRF_ENABLED": True}
    config.pop("QUESTIONS")
    with factories.playing(database_url, questions, **config) as app:
        yield app


def test_every_kind_of_response_has_the_headers(nobody: Visitor) -> None:
    for method, address, status in KINDS:
        data = {"name": "x" * 300_000} if status == 413 else None

        response = nobody.open(address, method=method, data=data)

        assert response.status_code == status, address
        assert {name: response.headers.get(name) for name in ALWAYS} == ALWAYS, address
        assert "Strict-Transport-Security" not in response.headers
        assert "Server" not in response.headers
        assert "a secret detail" not in response.text
        assert "Traceback" not in response.text


CACHED = {
    "/static/css/base.css?v=abc": "public, max-age=31536000, immutable",
    "/static/css/base.css": "no-cache",
    "/static/nowhere.css?v=abc": "no-store",
    "/scripts/abc/base.js": "no-store",
    "/": "no-store",
    "/nowhere": "no-store",
    "/account/": "no-store",
    "/documents/harbour": "no-store",
    "/rounds/x/1/part": "no-store",
    "/boom": "no-store",
}


def test_what_may_be_kept_by_whom(nobody: Visitor) -> None:
    assert {a: nobody.get(a).headers["Cache-Control"] for a in CACHED} == CACHED


def test_an_unchanged_static_file_is_not_sent_again(nobody: Visitor) -> None:
    etag = nobody.get("/static/css/base.css").headers["ETag"]

    again = nobody.get("/static/css/base.css", headers={"If-None-Match": etag})

    assert (again.status_code, again.text) == (304, "")
    assert {name: again.headers.get(name) for name in ALWAYS} == ALWAYS


@pytest.mark.parametrize(
    ("name", "secure", "hsts", "cookie"),
    [("http", False, None, "session"), ("https", True, HSTS, "__Host-session")],
)
def test_cookies_and_hsts_of_both_profiles(
    database_url: str, questions: Path, name: str, secure: bool, hsts: str | None, cookie: str
) -> None:
    with profile(name, database_url, questions) as app:
        visitor = Visitor(app.test_client(), None)
        response = visitor.get("/", base_url=f"{name}://localhost")
        missing = visitor.get("/static/nowhere", base_url=f"{name}://localhost")

    flags = [flag.strip() for flag in response.headers["Set-Cookie"].split(";")]
    assert len(response.headers.getlist("Set-Cookie")) == 1
    assert flags[0].startswith(f"{cookie}=")
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(flags)
    assert ("Secure" in flags) is secure
    assert not [flag for flag in flags if flag.startswith("Domain")]
    for got in (response, missing):
        assert got.headers.get("Strict-Transport-Security") == hsts
        assert {header: got.headers.get(header) for header in ALWAYS} == ALWAYS


# Nothing inline


@pytest.fixture
def played(session: Session, pupil: Visitor, guest: Visitor) -> list[Visitor]:
    """Visitors with something on every page: rounds finished, under way, answers by the dozen."""
    for visitor in (pupil, guest):
        assert visitor.player
        for slug in ("harbour", "tower"):
            keys = [f"{slug}/{sketch.id}" for sketch in SKETCHES[slug]]
            for mode in Mode:
                done = create_round(session, visitor.player, set_slug=slug, mode=mode, keys=keys)
                create_answers(session, done, confidence=1)
                finish(session, done, points=44)
        create_round(session, visitor.player, mode=Mode.INVESTIGATION)
        create_round(session, visitor.player)
    return [pupil, guest]


def crawl(visitor: Visitor, start: str = "/") -> Iterator[tuple[str, TestResponse]]:
    """Every page of the site that links lead to, each kind of address a few times."""
    waiting, seen = [start], {start}
    kinds: dict[tuple[str | None, ...], int] = {}
    while waiting:
        address = waiting.pop()
        response = visitor.get(address, follow_redirects=True)
        yield address, response
        if response.mimetype != "text/html":
            continue
        for link in addresses(tree(response.text), response.request.path):
            parts = urlsplit(link)
            target = parts._replace(fragment="").geturl()
            kind = (parts.path.split("/")[1], parts.path.rsplit("/", 1)[-1][:4], parts.query[:4])
            if target not in seen and kinds.get(kind, 0) < 3:
                kinds[kind] = kinds.get(kind, 0) + 1
                seen.add(target)
                waiting.append(target)


def addresses(page: Element, base: str) -> Iterator[str]:
    """Whatever the page can make a browser load."""
    for element in page.iter():
        for name in ("href", "src", "hx-get", "hx-push-url", "srcset", "poster", "data"):
            value = element.get(name) or element.get(f"{{http://www.w3.org/1999/xlink}}{name}")
            if value:
                yield urljoin(base, value)


def faults(page: Element) -> Iterator[str]:
    """Whatever the policy forbids, or another host is asked for."""
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    yield from (f"id {id} twice" for id in set(ids) if ids.count(id) > 1)
    for element in page.iter():
        tag = str(element.tag).rpartition("}")[2]
        if tag in ("style", "iframe", "object", "embed", "base"):
            yield f"<{tag}>"
        if tag == "script" and (not element.get("src") or (element.text or "").strip()):
            yield "an inline script"
        for name, value in element.attrib.items():
            if name == "style" or name.startswith(("on", "hx-on")):
                yield f"{name}={value!r}"
            if str(value).strip().lower().startswith(("javascript:", "data:")):
                yield f"{name}={value!r}"
        if tag == "form" and element.get("method", "get").lower() == "post":
            tokens = [f for f in element.iter("input") if f.get("name") == "csrf_token"]
            if len(tokens) != 1 or not tokens[0].get("value"):
                yield f"no token in the form to {element.get('action')}"
    for address in addresses(page, "/"):
        if urlsplit(address).netloc or urlsplit(address).scheme:
            yield f"another host: {address}"
    for form in page.iter("form"):
        if urlsplit(form.get("action", "")).netloc:
            yield f"a form to another host: {form.get('action')}"


def test_no_page_has_anything_inline_or_from_elsewhere(
    played: list[Visitor], nobody: Visitor
) -> None:
    for visitor in [*played, nobody]:
        visited = []
        for address, response in crawl(visitor):
            visited.append(urlsplit(address).path)
            assert response.status_code == 200, address
            assert {name: response.headers.get(name) for name in ALWAYS} == ALWAYS, address
            if response.mimetype == "text/html":
                assert list(faults(tree(response.text))) == [], address
                assert factories.HOSTILE not in response.text, address
        assert {"/", "/review/", "/progress/", "/documents/", "/guide/"} <= set(visited)


def test_pages_are_valid_html(played: list[Visitor]) -> None:
    harmless = {"expected-doctype-but-got-start-tag"}  # fragments have no doctype
    for address, response in crawl(played[0]):
        if response.mimetype == "text/html":
            parser = html5lib.HTMLParser()
            parser.parse(response.text)
            errors = [(at, code) for at, code, _ in parser.errors if code not in harmless]
            assert errors == [], address


@pytest.mark.parametrize(
    "bad",
    [
        "<style>p{}</style>",
        '<p style="x">',
        '<p onclick="x">',
        "<script>x</script>",
        '<script src="https://cdn.example/x.js"></script>',
        '<img src="//elsewhere.example/x">',
        '<a href="javascript:x">',
        '<form method="post" action="/x"></form>',
        '<p id="a"></p><p id="a"></p>',
    ],
)
def test_the_crawl_would_find_a_fault(bad: str) -> None:
    assert list(faults(tree(f"<!doctype html><body>{bad}")))


# Forged forms


def unsafe_routes(app: Flask) -> Iterator[tuple[str, str]]:
    """Every route that takes something else than a question for a page, with an address."""
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}:
            yield method, rule.rule


@pytest.mark.parametrize("token", [None, "", "x" * 90, "another session's"])
def test_no_form_is_taken_without_this_sessions_token(
    app: Flask, session: Session, pupil: Visitor, outsider: Visitor, token: str | None
) -> None:
    assert pupil.player
    played = create_round(session, pupil.player)
    pupil.get(f"/rounds/{played.id}/1")
    if token == "another session's":
        token = next(forms(outsider.read("/account/"))).fields["csrf_token"]
    before = everything(session)
    fields = {
        "look": "final",
        "verdict": "true",
        "confidence": "1",
        "mode": "quick",
        "set": "harbour",
        "name": "Renamed",
        "passphrase": "another three words",
        "old": factories.PASSPHRASE,
        "sure": "1",
        "everywhere": "1",
        "ui": "fr",
    } | ({} if token is None else {"csrf_token": token})

    tried = list(unsafe_routes(app))
    for method, rule in tried:
        address = re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.replace("<round_id>", played.id))
        address = re.sub("<int[^>]*>", "1", address)
        response = pupil.open(address, method=method, data=fields)
        assert response.status_code == 400, address
        assert "Set-Cookie" not in response.headers or pupil.get("/account/").status_code == 200
        assert ("<html" in response.text) is not address.endswith("/part")

    assert len(tried) >= 9
    assert everything(session) == before
    assert 'lang="en"' in pupil.get("/").text


def test_a_form_with_its_token_is_taken(session: Session, pupil: Visitor) -> None:
    assert pupil.player
    played = create_round(session, pupil.player)

    assert pupil.answer(played, 1).status_code == 303


def test_over_https_a_form_from_another_site_is_refused_even_with_the_token(
    database_url: str, questions: Path
) -> None:
    here = "https://localhost"
    with profile("https", database_url, questions) as app:
        visitor = Visitor(app.test_client(), None)
        page = tree(visitor.get("/", base_url=here).text)
        form = next(f for f in forms(page) if f.action == "/preferences")

        def send(referrer: str | None) -> int:
            headers = {"Referer": referrer} if referrer else {}
            return visitor.open(
                form.action, method="POST", base_url=here, data=form.fields, headers=headers
            ).status_code

        assert send(f"{here}/") == 303
        assert send("https://elsewhere.example/") == 400
        assert send(None) == 400


@pytest.mark.parametrize(
    ("sender", "taken"),
    [
        ("same-origin", True),
        ("none", True),  # typed, or a bookmark
        (None, True),  # a browser too old to say
        ("same-site", False),
        ("cross-site", False),
        ("nonsense", False),
    ],
)
def test_a_form_that_another_site_sent_is_refused_even_with_the_token(
    nobody: Visitor, sender: str | None, taken: bool
) -> None:
    form = next(form for form in forms(nobody.read("/")) if form.action == "/preferences")
    headers = {"Sec-Fetch-Site": sender} if sender else {}

    sent = nobody.open(
        form.action, method="POST", data={**form.fields, "ui": "fr"}, headers=headers
    )

    assert sent.status_code == (303 if taken else 400)
    assert ('lang="fr"' in nobody.get("/").text[:200]) is taken


def test_a_link_from_another_site_still_opens_a_page(nobody: Visitor) -> None:
    assert nobody.get("/guide/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200
