"""A small folder of question files that has no problems, to be broken one way at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from quiz.content.checks.check import check
from quiz.content.format.library import Library
from quiz.content.format.problems import Problem
from quiz.content.loader import load
from quiz.domain.verdict import Rule, Verdict

BRIDGE = (
    "Le maire a ouvert le pont neuf le 3 mai. "
    "Le pont serait fermé en hiver, selon un riverain qui n’a pas donné son nom. "
    "Le pont mesure 120 mètres et relie les deux rives.\n"
    "Partager cette page\n"
    "Commentaires\nCamille : ce pont est laid.\n"
)


def both(fr: str, en: str = "") -> dict[str, str]:
    """A text in both languages."""
    return {"fr": fr, "en": en or f"{fr} (in English)"}


def lines(value: Any, indent: int = 0) -> Iterator[str]:
    """A value as lines of YAML, one scalar a line, all in double quotes."""
    pad = "  " * indent
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if isinstance(inner, Mapping | list) and inner:
                yield f"{pad}{key}:"
                yield from lines(inner, indent + 1)
            else:
                yield f"{pad}{key}: {json.dumps(inner, ensure_ascii=False)}"
    else:
        for inner in value:
            if isinstance(inner, Mapping):
                first, *rest = lines(inner, indent + 1)
                yield f"{pad}- {first.strip()}"
                yield from rest
            else:
                yield f"{pad}- {json.dumps(inner, ensure_ascii=False)}"


def without_none(value: Mapping[str, Any]) -> dict[str, Any]:
    """The mapping without the keys that an override has set to None."""
    return {key: inner for key, inner in value.items() if inner is not None}


EXPLANATION = both(
    "Le maire le dit du pont sur la page, sans réserve, et rien d’autre ne le dément ici.",
    "The text says so in a sentence of its own, without a hedge; nothing else disagrees.",
)


def a_quote(quote: str, stance: str, **overrides: Any) -> dict[str, Any]:
    """An entry of `evidence`."""
    entry = {
        "document": "bridge",
        "quote": quote,
        "stance": stance,
        "translation": {"en": "What it says in English."},
    }
    return without_none({**entry, **overrides})


def a_question(**overrides: Any) -> dict[str, Any]:
    """A question without problems; an override of None deletes the key."""
    question = {
        "id": "opening-day",
        "claim": both("Le pont neuf a été ouvert le 3 mai.", "The new bridge opened on 3 May."),
        "verdict": "true",
        "rule": "T1",
        "as_of": "2025-05-04",
        "difficulty": "1",
        "skills": ["close_reading"],
        "evidence": [a_quote("Le maire a ouvert le pont neuf le 3 mai.", "supports")],
        "explanation": EXPLANATION,
    }
    return without_none({**question, **overrides})


def three_questions() -> list[dict[str, Any]]:
    """One question for each verdict, without problems."""
    return [
        a_question(),
        a_question(
            id="length",
            claim=both("La longueur du pont est de 210 mètres.", "The bridge is 210 metres long."),
            verdict="false",
            rule="F1",
            evidence=[a_quote("Le pont mesure 120 mètres", "refutes")],
        ),
        a_question(
            id="winter",
            claim=both("On ferme ce passage pendant l’hiver.", "This crossing is shut in winter."),
            verdict="unverified",
            rule="U1",
            evidence=[a_quote("Le pont serait fermé en hiver", "hedges")],
        ),
    ]


def a_document(**overrides: Any) -> dict[str, Any]:
    """The description of the bridge document; an override of None deletes the key."""
    document = {
        "format": "1",
        "title": both("Un pont neuf"),
        "headline": None,
        "language": "fr",
        "published": "2025-05-03/2025-05-04",
        "kind": both("Brève locale"),
        "provenance": both("Le journal parle en son nom."),
        "date_note": both("Le texte donne le jour, sans l’année."),
        "disclosures": [],
        "regions": [
            {"kind": "article", "begins": "Le maire a ouvert"},
            {"kind": "furniture", "begins": "Partager cette page"},
            {"kind": "comments", "begins": "Commentaires\n"},
        ],
    }
    return without_none({**document, **overrides})


def a_taxonomy() -> dict[str, Any]:
    """A taxonomy with all verdicts and rules, and two skills."""
    some = both("Quelques mots")
    return {
        "format": "1",
        "verdicts": {v.value: {"name": some, "meaning": some, "test": some} for v in Verdict},
        "rules": {r.value: {"name": some, "meaning": some, "ask": some} for r in Rule},
        "skills": {
            code: {"name": some, "definition": some, "tip": some}
            for code in ("close_reading", "number_check")
        },
        "steps": [{"ask": some, "then": some, "rules": ["T1"]}],
    }


@dataclass(frozen=True)
class Folder:
    """A folder of question files on disk."""

    path: Path

    def write(self, file: str, content: str | bytes | Mapping[str, Any]) -> None:
        """Write a file: bytes or text as they are, a mapping as YAML."""
        if isinstance(content, Mapping):
            content = "\n".join(lines(content)) + "\n"
        target = self.path / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)

    def write_set(self, slug: str, questions: list[dict[str, Any]], **overrides: Any) -> None:
        """Write a set with these questions."""
        content = {
            "format": "1",
            "title": both("Le pont"),
            "summary": both("Une brève sur un pont neuf."),
            "documents": ["bridge"],
            "questions": questions,
        }
        self.write(f"sets/{slug}.yaml", without_none({**content, **overrides}))

    def write_document(self, text: str = BRIDGE, **overrides: Any) -> None:
        """Write the document `bridge`."""
        self.write("documents/bridge.txt", text)
        self.write("documents/bridge.yaml", a_document(**overrides))

    def load(self) -> Library:
        """Load the folder."""
        return load(self.path)

    def errors(self) -> list[Problem]:
        """The errors that the checker finds."""
        return [p for p in check(self.load()) if p.severity == "error"]

    def warnings(self) -> list[Problem]:
        """The warnings that the checker finds, but those about missing examples."""
        problems = check(self.load())
        return [p for p in problems if p.severity == "warning" and p.file != "taxonomy.yaml"]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A folder with a taxonomy, the document `bridge` and the set `bridge`, without problems."""
    made = Folder(tmp_path / "questions")
    made.write("taxonomy.yaml", a_taxonomy())
    made.write_document()
    made.write_set("bridge", three_questions())
    return made


@pytest.fixture
def make_question() -> Callable[..., dict[str, Any]]:
    """The builder of questions."""
    return a_question


@pytest.fixture
def make_quote() -> Callable[..., dict[str, Any]]:
    """The builder of evidence."""
    return a_quote


@pytest.fixture
def questions() -> list[dict[str, Any]]:
    """One question for each verdict, without problems."""
    return three_questions()


@pytest.fixture
def in_both() -> Callable[..., dict[str, str]]:
    """The builder of texts in both languages."""
    return both


@pytest.fixture
def bridge() -> str:
    """The text of the document `bridge`."""
    return BRIDGE
