"""The authoring guide, as the game shows it."""

from __future__ import annotations

from pathlib import Path

import pytest

import run
from quiz.content.writing.guide import FILES, Guide, writing_guide
from quiz.domain.verdict import Rule

FOLDER = run.ROOT / "questions"


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
