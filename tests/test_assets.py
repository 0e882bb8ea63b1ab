"""Addresses of static files: they change with the content, and the style sheet's agree."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from flask import Flask, url_for

STYLES = Path(__file__).parent.parent / "static" / "css" / "base.css"


def test_a_file_is_kept_for_a_year_under_an_address_that_names_its_content(app: Flask) -> None:
    with app.test_request_context():
        address = url_for("static", filename="css/base.css")

    response = app.test_client().get(address, buffered=True)

    unversioned = app.test_client().get("/static/css/base.css", buffered=True)

    assert "immutable" in response.headers["Cache-Control"]
    assert "Cookie" not in response.headers.get("Vary", "")
    assert unversioned.headers["Cache-Control"] == "no-cache"


def test_the_style_sheet_asks_for_the_font_that_the_page_preloads(app: Flask) -> None:
    (asked,) = re.findall(r'url\("\.\./([^"]+)"\)', STYLES.read_text())
    path, version = urlsplit(asked).path, parse_qs(urlsplit(asked).query)["v"]
    with app.test_request_context():
        preloaded = url_for("static", filename=path)

    assert parse_qs(urlsplit(preloaded).query)["v"] == version
