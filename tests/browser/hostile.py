"""A folder of question files in which every text tries to break out of its place."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from itertools import cycle
from pathlib import Path
from typing import Any

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
SLUG = "hostile"
_RULES = cycle((("true", "T1", "supports"), ("false", "F1", "refutes"), ("unverified", "U1", "hedges")))
_KINDS = cycle(("article", "headline", "caption", "related", "comments", "furniture"))


def both(text: str) -> dict[str, str]:
    """The same text in both languages."""
    return {"fr": text, "en": text}


def line(number: int) -> str:
    """The line of the document that holds a text of the corpus."""
    return f"Ligne {number:02} : {CORPUS[number]} fin."


def write(folder: Path, shipped: Path) -> None:
    """Write a folder of questions whose every text is hostile; codes are those of `shipped`."""
    for name in ("sets", "documents"):
        (folder / name).mkdir(parents=True)
    text = "\n".join(line(n) for n in range(len(CORPUS))) + "\n"
    (folder / f"documents/{SLUG}.txt").write_text(text, encoding="utf-8")
    _dump(folder / f"documents/{SLUG}.yaml", _document())
    _dump(folder / f"sets/{SLUG}.yaml", _set())
    _dump(folder / "sets/examples.yaml", _set() | {"examples": "true"})
    shutil.copyfile(shipped / "taxonomy.yaml", folder / "taxonomy.yaml")
    _dump(folder / "taxonomy.yaml", _poisoned(_taxonomy(folder)))


def _document() -> dict[str, Any]:
    return {
        "format": "1",
        "title": both(TOGETHER),
        "headline": line(1),
        "language": "fr",
        "publisher": TOGETHER,
        "author": TOGETHER,
        "published": "2026-01-09",
        "kind": both(TOGETHER),
        "chain": both(TOGETHER),
        "dating": both(TOGETHER),
        "disclosures": [{"quote": line(n), "note": both(CORPUS[n])} for n in range(len(CORPUS))],
        "regions": [
            {"kind": next(_KINDS), "begins": line(n)[:9], "note": both(CORPUS[n])}
            for n in range(len(CORPUS))
        ],
    }


def _set() -> dict[str, Any]:
    return {
        "format": "1",
        "title": both(TOGETHER),
        "summary": both(TOGETHER),
        "documents": [SLUG],
        "questions": [_question(n) for n in range(len(CORPUS))],
    }


def _question(number: int) -> dict[str, Any]:
    verdict, rule, stance = next(_RULES)
    words = CORPUS[number]
    return {
        "id": f"question-{number:02}",
        "claim": both(words),
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
                "translation": {"en": words},
            }
        ],
        "explanation": both(words),
    }


def _taxonomy(folder: Path) -> Mapping[str, Any]:
    from quiz.content.files import read_bytes
    from quiz.content.yaml_source import read_yaml

    source = read_yaml(read_bytes(folder, "taxonomy.yaml"), "taxonomy.yaml")
    content: Mapping[str, Any] = source.value
    return content


def _poisoned(value: Any) -> Any:
    """The value with every text in two languages made hostile."""
    if isinstance(value, Mapping):
        if set(value) == {"fr", "en"}:
            return both(TOGETHER)
        return {key: _poisoned(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_poisoned(inner) for inner in value]
    return value


def _dump(file: Path, content: Any) -> None:
    """Write as JSON, which is YAML too."""
    file.write_text(json.dumps(content, indent=1), encoding="utf-8")
