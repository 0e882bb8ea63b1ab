"""Markdown as its readers see it: no marks, links as their text, images as their description."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ....domain.question_set import RegionKind
from . import page
from .decoding import decode
from .extracted import MAX_TEXT, Facts, Line, assemble, to_json, too_long

_FRONT = re.compile(r"---[ \t]*\n(.{0,5000}?)\n---[ \t]*(?:\n|$)", re.DOTALL)
_FACT = re.compile(r"(\w{1,20})[ \t]*:[ \t]*(.+)")
_BLOCKS = {"paragraph", "heading", "bullet_list", "ordered_list", "blockquote", "table", "hr"}
_CODE = {"code_block", "fence"}


def read(data: bytes) -> dict[str, Any]:
    """What to_json gives for Markdown. Raises Refused: no text, too much of it, not text."""
    source, warnings = decode(data)
    source = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if len(source) > 4 * MAX_TEXT:  # marks and addresses are never three times the text
        raise too_long()
    front = _FRONT.match(source)
    facts = dict(_FACT.findall(front[1])) if front else {}
    tokens = MarkdownIt("commonmark").enable("table").parse(source[front.end() if front else 0 :])
    lines = list(_lines(tokens))
    headline = next((text for kind, text in lines if kind is RegionKind.HEADLINE and text), None)
    return to_json(assemble(lines, _facts(facts, headline), warnings))


def _facts(front: dict[str, str], headline: str | None) -> Facts:
    plain = {name.lower(): value.strip().strip("\"'") for name, value in front.items()}
    return Facts(
        title=plain.get("title"),
        headline=headline,
        author=plain.get("author"),
        publisher=plain.get("publisher"),
        published=plain.get("date") or plain.get("published"),
        language=plain.get("lang") or plain.get("language"),
    )


def _lines(tokens: list[Token]) -> Iterator[Line]:
    """The lines of the text; the first heading of the first level is the headline."""
    kind, has_headline = RegionKind.ARTICLE, False
    cells: list[str] | None = None
    for token in tokens:
        if token.type == "heading_open" and token.tag == "h1" and not has_headline:
            kind, has_headline = RegionKind.HEADLINE, True
        elif token.type == "inline" and cells is not None:
            cells.append(" ".join(text for _, text in _inline(token.children or [], kind)))
        elif token.type == "inline":
            yield from _inline(token.children or [], kind)
        elif token.type in _CODE:
            yield kind, token.content
        elif token.type == "html_block":
            yield from page.Walk().lines(page.parse(token.content))
        elif token.type == "tr_open":
            cells = []
        elif token.type == "tr_close":
            yield kind, "\t".join(cells or [])
            cells = None
        is_end = token.type.removesuffix("_close") in _BLOCKS
        if token.level == 0 and (is_end or token.type in {"html_block", *_CODE}):
            yield kind, ""
            kind = RegionKind.ARTICLE


def _inline(tokens: list[Token], kind: RegionKind) -> Iterator[Line]:
    """The text of a paragraph on one line, as it is read, and its images on lines of their own."""
    parts: list[str] = []
    images: list[str] = []
    for token in tokens:
        if token.type in ("text", "code_inline"):
            parts.append(token.content)
        elif token.type == "softbreak":
            parts.append(" ")
        elif token.type == "hardbreak" or token.content.lower().startswith("<br"):
            parts.append("\n")
        elif token.type == "image":
            images.append(token.content)
    if line := "".join(parts).strip():
        yield kind, line
    for image in filter(None, images):
        yield RegionKind.CAPTION, image
