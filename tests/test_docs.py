"""The documentation is true: what it names exists, and what exists it names.

After Datasette's tests/test_docs.py.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask.cli import AppGroup

import run
from quiz import cli
from quiz.config import ROOT, Settings
from tests import world

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "questions").glob("*.md")])
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
EVERYTHING = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)

SETTINGS = {f"QUIZ_{name.upper()}" for name in Settings.__dataclass_fields__}
RUN_COMMANDS = set(re.findall(r'command == "(\w+)"', Path(run.__file__).read_text("utf-8")))
BENCHES = {
    path.stem
    for path in (ROOT / "tests" / "bench").glob("[a-z]*.py")
    if not path.stem.startswith("test_")
}
OWN_COMMANDS = sorted(
    f"{group.name} {name}"
    for group in vars(cli).values()
    if isinstance(group, AppGroup)
    for name in group.commands
)

LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
LARGEST_PICTURE = 150_000


def prose(path: Path) -> str:
    """A document without its code, where brackets are no links."""
    text = path.read_text(encoding="utf-8")
    return re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)


def rows(text: str, first: str) -> dict[str, list[str]]:
    """The other cells of each table row whose first cell is `code` that matches a pattern."""
    found = re.findall(rf"^\| `({first})` \|(.*)\|$", text, flags=re.MULTILINE)
    return {name: [cell.strip() for cell in rest.split("|")] for name, rest in found}


def anchors(path: Path) -> set[str]:
    """The addresses of a document's headings, as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", prose(path), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def tree() -> Iterator[str]:
    """The paths of the README's tree, which is drawn by indentation."""
    drawing = README.split("## The tree")[1].split("```")[1]
    folders: list[str] = []
    for line in drawing.strip().splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        folders[depth:] = [line.split()[0]]
        yield "".join(folders)


# Settings.


def test_every_setting_is_in_the_table_and_nothing_else() -> None:
    assert set(rows(README, r"QUIZ_\w+")) == SETTINGS


@pytest.mark.parametrize("setting", sorted(SETTINGS))
def test_the_default_of_a_setting_is_the_one_in_the_table(setting: str) -> None:
    default = getattr(Settings(), setting.removeprefix("QUIZ_").lower())
    if isinstance(default, Path):
        default = default.relative_to(ROOT)
    shown = f"`{default}`" if str(default) else "none"
    assert rows(README, r"QUIZ_\w+")[setting][0] == shown


def test_every_variable_named_anywhere_is_read_somewhere() -> None:
    readers = [ROOT / "run.py", *(ROOT / "tests").rglob("*.py")]
    read = "\n".join(p.read_text("utf-8") for p in readers if p != Path(__file__))
    for variable in set(re.findall(r"QUIZ_\w*\w", EVERYTHING)) - SETTINGS:
        assert f'"{variable}"' in read, variable


# Commands.


def test_there_are_commands_to_check() -> None:
    assert {"questions check", "demo seed"} <= set(OWN_COMMANDS)
    assert {"test", "check", "bench"} <= RUN_COMMANDS


@pytest.mark.parametrize("command", OWN_COMMANDS)
def test_every_flask_command_is_documented(command: str) -> None:
    assert f"`flask --app quiz {command}`" in README


@pytest.mark.parametrize(
    "words", sorted(set(re.findall(r"flask --app quiz ((?:[a-z]+ ?)+)", EVERYTHING)))
)
def test_every_flask_command_named_exists(words: str) -> None:
    with world.running("sqlite://") as app:
        command: click.Command = app.cli
        for word in words.split():
            if isinstance(command, click.Group):
                assert word in command.commands, words
                command = command.commands[word]
        assert not isinstance(command, click.Group), words


def test_the_options_of_demo_seed_are_documented_with_their_defaults() -> None:
    documented = rows(README, r"--\w+")
    options = {p.opts[0]: p.default for p in cli.demo.commands["seed"].params}
    assert set(documented) == set(options)
    for option, default in options.items():
        if option != "--bias":
            assert documented[option][0] == str(default), option


@pytest.mark.parametrize("command", sorted(RUN_COMMANDS))
def test_every_command_of_run_is_documented(command: str) -> None:
    assert f"python3 run.py {command}" in README
    assert f"python3 run.py {command}" in (run.__doc__ or "")


@pytest.mark.parametrize(
    "command", sorted(set(re.findall(r"python3 run\.py ([a-z]\w*)", EVERYTHING)))
)
def test_every_command_of_run_named_exists(command: str) -> None:
    assert command in RUN_COMMANDS


def test_every_benchmark_is_documented_and_every_one_named_exists() -> None:
    assert set(re.findall(r"run\.py bench ([a-z]\w*)", EVERYTHING)) == BENCHES


# Files.


@pytest.mark.parametrize("path", list(tree()))
def test_what_the_tree_shows_exists(path: str) -> None:
    found = ROOT / path
    assert found.is_dir() if path.endswith("/") else found.is_file()


def test_the_tree_shows_every_part_of_the_package() -> None:
    folders = {p.parent.relative_to(ROOT).as_posix() + "/" for p in ROOT.glob("quiz/*/*.py")}
    assert folders <= set(tree())


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    for _, _, target in LINK.findall(prose(document)):
        if re.match(r"(https?|mailto):", target):
            continue
        name, _, anchor = target.partition("#")
        file = (document.parent / name).resolve() if name else document
        assert file.is_relative_to(ROOT), target
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target


def test_pictures_are_described_and_small() -> None:
    pictures = [(alt, target) for mark, alt, target in LINK.findall(README) if mark]
    assert len(pictures) >= 2
    for alt, target in pictures:
        content = (ROOT / target).read_bytes()
        assert content.startswith(b"\x89PNG")
        assert len(content) < LARGEST_PICTURE
        assert len(alt) > 20


# Facts told twice.


def test_the_oldest_python_is_the_same_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    oldest = ".".join(map(str, run.OLDEST))
    assert project["requires-python"] == f">={oldest}"
    assert f"Python {oldest} or newer" in README
    assert f"Python {oldest} or newer" in CONTRIBUTING


def test_the_changelog_knows_the_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert f"## [{project['version']}]" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_the_licence_names_every_vendored_package_with_its_own() -> None:
    manifest = json.loads((ROOT / "static" / "vendor" / "manifest.json").read_text("utf-8"))
    licence = (ROOT / "LICENSE").read_text("utf-8")
    for package in manifest["packages"]:
        named = rf"{re.escape(package['package'])}\s+{re.escape(package['licence'])}\s"
        assert re.search(named, licence), package["package"]


# Where to go.


def places() -> list[tuple[str, list[str], list[str]]]:
    """Each row of "To change … go to …": what, the files named, the names said to stand in them."""
    section = CONTRIBUTING.split("## To change … go to …")[1].split("\n## ")[0]
    found = re.findall(r"^\| (.+?) \| (.+) \|$", section, flags=re.MULTILINE)[1:]
    return [
        (what, re.findall(r"`([\w./]+/[\w./]*)`", where), re.findall(r"`(\w+)`", where))
        for what, where in found
    ]


def test_there_is_a_place_for_what_is_changed_most() -> None:
    assert len(places()) > 8


@pytest.mark.parametrize(
    ("what", "files", "names"), places(), ids=[what for what, _, _ in places()]
)
def test_where_to_go_exists_and_holds_what_is_said(
    what: str, files: list[str], names: list[str]
) -> None:
    assert 1 <= len([file for file in files if not file.endswith("/")]) <= 2, what
    assert not [file for file in files if not (ROOT / file).exists()]
    text = "\n".join((ROOT / file).read_text("utf-8") for file in files if file.endswith(".py"))
    defined = set(re.findall(r"^(?:def|class|async def) (\w+)|^(\w+)(?:: [^=]+)? = ", text, re.M))
    assert set(names) <= {name for pair in defined for name in pair}
