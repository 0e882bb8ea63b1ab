"""The authoring guide, as the game shows it."""

from __future__ import annotations

from pathlib import Path

import pytest

import run
from quiz.content.writing.guide import FILES, Guide, writing_guide
from quiz.domain.verdict import RULES, Rule, Stance

FOLDER = run.ROOT / "questions"
STANCES = {
    "en": {"supports": 0, "refutes": 1, "hedges": 2, "nearest": 3},
    "fr": {"appuie": 0, "contredit": 1, "réserve": 2, "plus proche": 3},
}
"""How the guide calls each stance, by its number."""


def guide(language: str) -> Guide:
    found = writing_guide(FOLDER, language)
    assert found
    return found


@pytest.mark.parametrize("language", FILES)
def test_the_desk_comes_first_and_file_formats_are_left_out(language: str) -> None:
    found = guide(language)
    assert found.sections[0].title in ("At the desk", "À l’atelier")
    assert "yaml" not in "".join(section.html for section in found.sections)
    assert "README" not in found.lead


@pytest.mark.parametrize("language", FILES)
def test_every_rule_and_all_twelve_points_are_there(language: str) -> None:
    text = "".join(section.html for section in guide(language).sections)
    assert all(f"<td>{rule.value}</td>" in text for rule in Rule)
    checklist = next(s for s in guide(language).sections if s.title.startswith(("Check", "Liste")))
    assert checklist.html.count("<li>") == 12


@pytest.mark.parametrize("language", FILES)
def test_its_table_of_stances_is_that_of_the_rules(language: str) -> None:
    text = (FOLDER / FILES[language]).read_text("utf-8")
    _, _, table = text.partition("| stances |" if language == "en" else "| rapports |")
    rows = [line.strip("|").split("|") for line in table.split("\n\n")[0].splitlines()[2:]]
    told = {Rule(code): words for codes, words in rows for code in codes.strip().split(", ")}
    assert set(told) == set(Rule)
    for rule, words in told.items():
        named = [list(Stance)[n] for name, n in STANCES[language].items() if name in words]
        demands = RULES[rule]
        if demands.quotes == 1:
            assert named == list(demands.stances), rule
        assert ("two" in words or "deux" in words) == (demands.quotes == 2), rule
        assert ("only" in words or "seulement" in words) == demands.is_silence, rule


def test_both_languages_have_the_same_sections() -> None:
    tables = [[s.html.count("<tr>") for s in guide(language).sections] for language in FILES]
    assert tables[0] == tables[1]


def test_html_in_the_guide_is_shown_and_not_run(tmp_path: Path) -> None:
    text = "# T\n\n*link*\n\nLead\n\n## One\n\n<script>alert(1)</script>\n"
    (tmp_path / FILES["en"]).write_text(text, encoding="utf-8")
    found = writing_guide(tmp_path, "en")
    assert found
    assert "<script" not in found.sections[0].html


def test_a_folder_without_a_guide_has_none(tmp_path: Path) -> None:
    assert writing_guide(tmp_path, "en") is None
