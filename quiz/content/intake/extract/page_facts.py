"""What a web page says of itself: in meta tags, in JSON-LD (schema.org), in <time>."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from .extracted import Facts, iso_date

_MAX_NODES = 1_000  # of JSON-LD, looked at
_MAX_JSON = 1_000_000  # characters

_TITLES = ("og:title", "twitter:title", "dc.title")
_AUTHORS = ("author", "article:author", "dc.creator", "parsely-author")
_PUBLISHERS = ("og:site_name", "dc.publisher", "publisher", "application-name")
_DATES = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "dc.date.issued",
    "dc.date",
    "parsely-pub-date",
    "date",
)


def facts_of(root: Any, headline: Any) -> Facts:
    """The facts of a page; `headline` is its h1, if it has one."""
    meta = _meta(root)
    article = _json_ld(root)
    title = root.findtext(".//title")
    return Facts(
        title=_first(meta, _TITLES) or title,
        headline=None if headline is None else "".join(headline.itertext()),
        author=_name(article.get("author")) or _person(meta),
        publisher=_name(article.get("publisher")) or _first(meta, _PUBLISHERS),
        published=iso_date(_text(article.get("datePublished")))
        or iso_date(_first(meta, _DATES))
        or _time(root),
        language=root.get("lang") or _text(article.get("inLanguage")),
    )


def _meta(root: Any) -> dict[str, str]:
    """The meta tags by name; the first of each counts."""
    found: dict[str, str] = {}
    for tag in root.iter("meta"):
        name = tag.get("property") or tag.get("name") or tag.get("itemprop") or ""
        if content := tag.get("content", "").strip():
            found.setdefault(name.strip().lower(), content)
    return found


def _first(meta: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((meta[name] for name in names if name in meta), None)


def _person(meta: dict[str, str]) -> str | None:
    """The author, unless it is only the address of a profile."""
    names = (meta[name] for name in _AUTHORS if name in meta)
    return next((name for name in names if not name.startswith(("http:", "https:"))), None)


def _time(root: Any) -> str | None:
    """The first <time> of the article, else of the page."""
    article = next(root.iter("article"), root)
    return next(
        (day for time in article.iter("time") if (day := iso_date(time.get("datetime")))), None
    )


def _json_ld(root: Any) -> dict[str, Any]:
    """The first node of the page's JSON-LD that is an article of some kind, or nothing."""
    for script in root.iter("script"):
        if script.get("type", "").strip().lower() != "application/ld+json":
            continue
        try:
            data = json.loads((script.text or "")[:_MAX_JSON], strict=False)
        except (ValueError, RecursionError):
            continue
        for node in _nodes(data):
            kinds = node.get("@type")
            if any("Article" in str(k) or k == "BlogPosting" for k in _listed(kinds)):
                return node
    return {}


def _nodes(data: Any) -> Iterator[dict[str, Any]]:
    """The objects in JSON-LD, outer before inner, up to _MAX_NODES values."""
    waiting = [data]
    for _ in range(_MAX_NODES):
        if not waiting:
            return
        value = waiting.pop(0)
        if isinstance(value, dict):
            yield value
            waiting += list(value.values())[:_MAX_NODES]
        elif isinstance(value, list):
            waiting += value[:_MAX_NODES]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _name(value: Any) -> str | None:
    """The name of a person or an organisation, or those of several."""
    names = [_text(v.get("name") if isinstance(v, dict) else v) for v in _listed(value)[:20]]
    said = [name for name in names if name and not name.startswith(("http:", "https:"))]
    return ", ".join(said) or None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
