"""The French interface: whole, in step with the English of the code, and written as French is."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from jinja2 import Environment

from quiz.content.loader import load

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "quiz" / "translations"
FRENCH = TRANSLATIONS / "fr" / "LC_MESSAGES"
TEMPLATES = sorted((ROOT / "quiz" / "templates").rglob("*.html"))

# Words that are the same in both languages.
SAME = {
    *("Article", "Date", "Guide", "Interface", "Licence", "Pages"),
    *(
        "Classes",
        "Code",
        "code",
        "Pause",
        "Points",
        "points",
        "Verdict",
        "verdict",
        "%(num)s question",
        "%(num)s questions",
        "{some}, {more}",
        "{count} ({share})",
        "Date",
        "Note",
        "Question",
        "Question %(n)s",
        "Question %(number)s",
        "Document",
        "Documents",
        "%(num)s document",
        "%(num)s documents",
    ),
}
# Literal words of a template that need no translation: a key as printed on it, a class of CSS.
UNMARKED = {"home", "live", "projector", "remote", "checked", "XLSX", "UTC", "Enter", "Esc", "true"}
UNMARKED |= {"desk", "editor", "aria", "describedby", "invalid", "error", "clash"}

NO_BREAK = "\u00a0\u202f"
WRONG_TYPOGRAPHY = {
    "an ASCII apostrophe": r"'",
    "an English quotation mark": r"[“”\"]",
    "three dots for an ellipsis": r"\.\.\.",
    "no no-break space before : ; ? ! » or %": rf"[^{NO_BREAK}?!%][:;?!»]|[^{NO_BREAK}%]%%",
    "no no-break space after «": rf"«(?![{NO_BREAK}])",
    "a decimal point": r"(?<!BY )\d\.\d",
    "« tu »": r"(?i)\b(tu|toi|te|ton|ta|tes)\b",
    "a middle dot inside a word": r"(?i)[a-zà-ÿ]·[a-zà-ÿ]",
}


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What the code and the templates ask to have translated now."""
    found = tmp_path_factory.mktemp("messages") / "messages.pot"
    extract = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-k", "msg"]
    extract += ["--ignore-dirs", ".*"]
    options = ["-F", str(TRANSLATIONS / "babel.cfg"), "-o", str(found), "quiz"]
    subprocess.run([*extract, *options], cwd=ROOT, check=True, capture_output=True)
    with found.open("rb") as file:
        return read_po(file)


def french() -> Catalog:
    """The catalogue as it is kept."""
    with (FRENCH / "messages.po").open("rb") as file:
        return read_po(file, locale="fr")


def messages(catalogue: Catalog) -> list[Message]:
    """All but the header."""
    return [message for message in catalogue if message.id]


def forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    """A message's forms: one, or singular and plural."""
    return [text or ""] if isinstance(text, str) or text is None else list(text)


def pairs() -> Iterator[tuple[str, str]]:
    """English and French, form by form (French counts as English does: one, or many)."""
    for message in messages(french()):
        yield from zip(forms(message.id), forms(message.string), strict=True)


def test_every_string_of_the_sources_is_in_the_catalogue_and_no_other(sources: Catalog) -> None:
    # babel.cfg has the command that brings the catalogue up to date.
    assert {str(m.id) for m in messages(sources)} == {str(m.id) for m in messages(french())}


def test_the_catalogue_has_nothing_empty_fuzzy_or_obsolete() -> None:
    catalogue = french()
    assert [m.id for m in messages(catalogue) if not all(forms(m.string))] == []
    assert [m.id for m in messages(catalogue) if m.fuzzy] == []
    assert list(catalogue.obsolete) == []


def test_the_compiled_catalogue_is_in_step_with_the_text() -> None:
    def words(catalogue: Catalog) -> dict[str, list[str]]:
        return {forms(m.id)[0]: forms(m.string) for m in messages(catalogue)}

    with (FRENCH / "messages.mo").open("rb") as file:
        compiled = words(read_mo(file))
    assert compiled == words(french())


def test_placeholders_are_those_of_the_english() -> None:
    def placeholders(text: str) -> list[str]:
        return sorted(re.findall(r"%(?:\(\w+\))?.", text))

    wrong = [(en, fr) for en, fr in pairs() if placeholders(en) != placeholders(fr)]
    assert wrong == []


def test_names_in_braces_are_those_of_the_english_and_can_be_filled_in(sources: Catalog) -> None:
    """What the question checker says is filled in by `str.format`."""

    def names(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}

    asked = {str(m.id) for m in messages(sources) if re.search(r"\{\w+\}", str(m.id))}
    assert len(asked) > 50
    wrong = [(en, fr) for en, fr in pairs() if en in asked and names(en) != names(fr)]
    assert wrong == []


@pytest.mark.parametrize("fault", WRONG_TYPOGRAPHY)
def test_french_typography(fault: str) -> None:
    pattern = re.compile(WRONG_TYPOGRAPHY[fault])
    # A placeholder stands for a word or a number, and a piece of YAML is written as YAML is.
    texts = [re.sub(r"%\(\w+\)s|\{\w+\}|`[^`]*`", "0", fr) for _, fr in pairs()]
    assert [text for text in texts if pattern.search(text)] == []


def test_nothing_is_left_in_english() -> None:
    assert {en for en, fr in pairs() if en == fr} <= SAME


def test_verdicts_are_named_as_in_the_rubric() -> None:
    words = dict(pairs())
    for verdict in load(ROOT / "questions").taxonomy.verdicts.values():
        for text in (verdict.name, verdict.meaning):
            assert words[text["en"]] == text["fr"]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_word_of_a_template_is_marked_for_translation(path: Path) -> None:
    markup = "".join(_literals(path.read_text(encoding="utf-8")))
    shown = re.sub(r"<(?!!)[^>]*>|<!\w+[^>]*>", " ", markup)
    attributes = re.findall(r'(?:aria-label|title|alt|placeholder)="([^"]*)"', markup)
    words = {w for text in (shown, *attributes) for w in re.findall(r"[^\W\d_]{2,}", text)}
    assert words <= UNMARKED


def _literals(source: str) -> Iterator[str]:
    """A template's own text; what it computes is left out."""
    for _, kind, text in Environment().lex(source):
        yield text if kind == "data" else ""
