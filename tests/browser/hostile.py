"""A folder of question files in which every text tries to break out of its place."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from quiz.content.format.files import FolderFiles
from quiz.content.format.yaml_source import read_yaml

CORPUS = (
    "<script>window.__xss = 1; alert(1)</script>",
    "</script><script src=/xss-src></script>",
    "<img src=/xss-img onerror=window.__xss=1>",
    '"><img src=x onerror="window.__xss = 1">',
    "'><svg onload=alert(1)>",
    "<svg><script href=/xss-svg></script><use href=/xss-use#x></use></svg>",
    '<a href="javascript:window.__xss=1" id=gadget-link>Next claim</a>',
    '<button hx-get="/xss-hx" hx-trigger="load">more</button>',
    '<b data-hx-post="/xss-data" data-hx-trigger="load">more</b>',
    '<b hx-on:click="window.__xss=1" hx-on--load="window.__xss=1">on</b>',
    "<b hx-on='htmx:load: window.__xss = 1'>on</b>",
    '<div sse-connect="/xss-sse" hx-ext="sse" sse-swap="message">stream</div>',
    '<hx-partial hx-target="body"><script>window.__xss=1</script></hx-partial>',
    '<div id="item" hx-swap-oob="true">swapped</div>',
    "<form action=/xss-form id=item><input name=verdict data-digit=1 class=submit></form>",
    "</textarea></title></style></noscript><iframe src=/xss-frame></iframe>",
    "<style>@import '/xss-css'; * { display: none }</style>",
    '<link rel=stylesheet href="/xss-link"><base href="//xss.example/">',
    '<meta http-equiv=refresh content="0;url=/xss-refresh">',
    "<!-- <details open ontoggle=alert(1)> --!>",
    "{{ 7*7 }} {% for x in ().__class__ %}x{% endfor %} ${7*7} #{7*7} <%= 7*7 %>",
    "{{ config }} %(num)s %s {0} {verdict}",
    "&lt;script&gt;alert(1)&lt;/script&gt; &#60;b&#62; &amp;amp; &nbsp; &notit;",
    "\u202egnp.exe\u202c \u2066inside\u2069 a\u0300\u0301\u0302 \u200bzero\u200b",
    "javascript:alert(1)//` onmouseover=alert(1) `",
    "＜script＞ ‹b› `;alert(1);// \\u003cscript\\u003e",
)
TOGETHER = " ¦ ".join(CORPUS)
EACH = range(len(CORPUS))
SLUG = "hostile"
_RULES = (
    ("true", "T1", "supports"),
    ("false", "F1", "refutes"),
    ("unverified", "U1", "hedges"),
)
_KINDS = ("article", "headline", "caption", "related", "comments", "furniture")


def text(place: str, number: int | None = None) -> str:
    """The hostile text that stands at a place: one of the corpus, or all of it."""
    return f"{place}: {TOGETHER if number is None else CORPUS[number]}"


def line(number: int) -> str:
    """The line of the document that holds a text of the corpus."""
    return f"Ligne {number:02} : {CORPUS[number]} fin."


def both(place: str, number: int | None = None) -> dict[str, str]:
    """The text of a place, in both languages."""
    return dict.fromkeys(("fr", "en"), text(place, number))


def write(folder: Path, shipped: Path) -> None:
    """Write a folder of questions whose every text is hostile; codes are those of `shipped`."""
    for name in ("sets", "documents"):
        (folder / name).mkdir(parents=True)
    lines = "".join(f"{line(n)}\n" for n in EACH)
    (folder / f"documents/{SLUG}.txt").write_text(lines, encoding="utf-8")
    _dump(folder / f"documents/{SLUG}.yaml", _document())
    _dump(folder / f"sets/{SLUG}.yaml", _set())
    _dump(folder / "sets/examples.yaml", _set() | {"examples": "true"})
    shutil.copyfile(shipped / "taxonomy.yaml", folder / "taxonomy.yaml")
    _dump(folder / "taxonomy.yaml", _poisoned(_taxonomy(folder)))


def _document() -> dict[str, Any]:
    return {
        "format": "1",
        "title": both("file"),
        "headline": line(1),
        "language": "fr",
        "publisher": text("publisher"),
        "author": text("author"),
        "published": "2026-01-09",
        "kind": both("kind"),
        "provenance": both("provenance"),
        "date_note": both("date_note"),
        "disclosures": [{"quote": line(n), "note": both("disclosure", n)} for n in EACH],
        "regions": [
            {"kind": _KINDS[n % len(_KINDS)], "begins": line(n)[:9], "note": both("region", n)}
            for n in EACH
        ],
    }


def _set() -> dict[str, Any]:
    return {
        "format": "1",
        "title": both("set"),
        "summary": both("summary"),
        "documents": [SLUG],
        "questions": [_question(n) for n in EACH],
    }


def _question(number: int) -> dict[str, Any]:
    verdict, rule, stance = _RULES[number % len(_RULES)]
    return {
        "id": f"question-{number:02}",
        "claim": both("claim", number),
        "verdict": verdict,
        "rule": rule,
        "as_of": "2026-01-09",
        "difficulty": "2",
        "skills": ["close_reading"],
        "evidence": [
            {
                "document": SLUG,
                "quote": line(number),
                "stance": stance,
                "translation": {"en": text("translation", number)},
            }
        ],
        "explanation": both("explanation", number),
    }


def _taxonomy(folder: Path) -> Mapping[str, Any]:
    source = read_yaml(FolderFiles(folder).read("taxonomy.yaml"), "taxonomy.yaml")
    content: Mapping[str, Any] = source.value
    return content


def _poisoned(value: Any, place: str = "") -> Any:
    """The value with every text in two languages made hostile; its key is its place."""
    if isinstance(value, Mapping):
        if set(value) == {"fr", "en"}:
            return both(place)
        return {key: _poisoned(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_poisoned(inner) for inner in value]
    return value


def _dump(file: Path, content: Any) -> None:
    """Write as JSON, which is YAML too."""
    file.write_text(json.dumps(content, indent=1), encoding="utf-8")
