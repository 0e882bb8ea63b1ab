"""The layers hold: imports go down only, the domain is pure, files and functions stay short."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import run

MODULES = sorted(
    path for path in (run.ROOT / "quiz").rglob("*.py") if "migrations" not in path.parts
)
TEMPLATES = sorted((run.ROOT / "quiz").rglob("*.html"))
HTTP = {"flask", "flask_wtf", "werkzeug", "jinja2"}

# Every package of the game, and what it may import of the others: the lowest first, so that a
# package names only those above it here. A module is of the longest name that begins its own.
MAY_IMPORT: dict[str, set[str]] = {
    "domain": set(),
    "config": set(),
    "content.format": {"domain"},
    "content.checks": {"domain", "content.format"},
    "content.writing": {"domain", "content.format"},
    "content.loader": {"domain", "content.format", "content.checks"},
    "content": {"content.format", "content.checks", "content.loader"},
    "content.intake": {"domain", "content.format", "content.checks", "content.loader"},
    "storage": {"domain", "config"},
    "models": {"domain", "storage"},
    "services": set(),
    "services.accounts": {"domain", "storage", "models"},
    "services.library": {"domain", "storage", "models", "content.format"},
    "services.play": {"domain", "storage", "models", "services.library"},
    "services.classes": {
        *("domain", "storage", "models", "content.format"),
        *("services.accounts", "services.library", "services.play"),
    },
    "services.live": {
        *("domain", "storage", "models", "content.format"),
        *("services.accounts", "services.library", "services.play", "services.classes"),
    },
    "services.desk": {
        *("domain", "storage", "models"),
        *("content.format", "content.checks", "content.intake"),
        *("services.accounts", "services.library"),
    },
    "web": {
        *("domain", "storage", "models", "content.loader"),
        *("services.accounts", "services.library", "services.play"),
    },
    "server": {"config", "storage", "services.accounts", "services.live"},
    "views.accounts": {
        *("domain", "storage", "models", "web"),
        *("services.accounts", "services.classes", "services.live", "services.play"),
    },
    "views.library": {
        *("domain", "storage", "config", "web", "content.writing"),
        *("services.library", "services.play"),
    },
    "views.play": {
        *("domain", "storage", "models", "web"),
        *("services.accounts", "services.library", "services.live", "services.play"),
    },
    "views.live": {
        *("domain", "storage", "models", "content.format", "web", "server"),
        *("services.accounts", "services.library"),
        *("services.classes", "services.live"),
    },
    "views.classes": {"domain", "storage", "models", "content.format", "web", "services.classes"},
    "views.desk": {
        *("domain", "storage", "models", "web"),
        *("content.format", "content.checks", "content.writing", "content.intake"),
        *("services.library", "services.live", "services.desk"),
    },
    "views": {
        *("views.accounts", "views.library", "views.play"),
        *("views.live", "views.classes", "views.desk"),
    },
    "cli": {
        *("domain", "storage", "models", "web"),
        *("content.format", "content", "content.loader"),
        *("services.accounts", "services.library", "services.classes"),
    },
    "": {"config", "cli", "storage", "server", "web", "views", "services.accounts"},
    "__main__": {
        *("", "config", "storage", "server", "content.loader"),
        *("services.accounts", "services.library"),
    },
}


def dotted(path: Path) -> str:
    """The module's name: ``quiz/domain/quote.py`` is ``quiz.domain.quote``."""
    return ".".join(path.relative_to(run.ROOT).with_suffix("").parts).removesuffix(".__init__")


NAMES = {dotted(path) for path in MODULES}


def package(module: str) -> str:
    """The entry of MAY_IMPORT that a dotted name of the game belongs to."""
    parts = module.split(".")[1:]
    names = [".".join(parts[:size]) for size in range(len(parts), 0, -1)]
    return next((name for name in names if name in MAY_IMPORT), parts[0] if parts else "")


def imports(path: Path) -> Iterator[str]:
    """The absolute dotted names a module imports, wherever in it, relative ones resolved."""
    here = path.relative_to(run.ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level + 1] if node.level else ()
            origin = ".".join([*base, *filter(None, [node.module])])
            # `from . import db` names a module, `from .db import Base` a thing in one.
            for alias in node.names:
                module = f"{origin}.{alias.name}"
                yield module if module in NAMES else origin


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_a_module_imports_only_what_its_package_may(path: Path) -> None:
    here = package(dotted(path))
    assert here in MAY_IMPORT, f"which packages may quiz.{here} import? Say it in MAY_IMPORT"
    used = {package(name) for name in imports(path) if name.split(".")[0] == "quiz"} - {here}
    assert used <= MAY_IMPORT[here], f"{here} must not import {used - MAY_IMPORT[here]}"


def test_every_package_is_there_and_uses_what_it_may() -> None:
    used: dict[str, set[str]] = {name: set() for name in MAY_IMPORT}
    for path in MODULES:
        here = package(dotted(path))
        used[here] |= {package(name) for name in imports(path) if name.split(".")[0] == "quiz"}
    assert {package(name) for name in NAMES} == set(MAY_IMPORT)
    unused = {name: MAY_IMPORT[name] - used[name] for name in MAY_IMPORT}
    assert not {name: rest for name, rest in unused.items() if rest}


def test_nothing_imports_upwards_or_in_a_circle() -> None:
    order = list(MAY_IMPORT)
    for name, lower in MAY_IMPORT.items():
        assert all(order.index(other) < order.index(name) for other in lower), name


@pytest.mark.parametrize(
    "path", [path for path in MODULES if package(dotted(path)) == "domain"], ids=dotted
)
def test_domain_needs_the_standard_library_only(path: Path) -> None:
    outside = {name.split(".")[0] for name in imports(path)} - {"quiz"}
    assert outside <= sys.stdlib_module_names


@pytest.mark.parametrize(
    "path",
    [p for p in MODULES if package(dotted(p)).split(".")[0] in {"content", "models", "services"}],
    ids=dotted,
)
def test_nothing_below_the_views_knows_of_http(path: Path) -> None:
    assert not {name.split(".")[0] for name in imports(path)} & HTTP


@pytest.mark.parametrize(
    "path", [p for p in MODULES if package(dotted(p)).startswith("views")], ids=dotted
)
def test_views_render_nothing_but_pages(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not {name for name in names if name.startswith(("render_template", "stream_template"))}


@pytest.mark.parametrize("name", ["content", "content.loader", "content.intake.sandbox_child"])
def test_question_files_are_read_without_flask(name: str) -> None:
    told = f"import sys, quiz.{name}; sys.exit('flask' in sys.modules)"
    assert not subprocess.run([sys.executable, "-c", told], cwd=run.ROOT).returncode


@pytest.mark.parametrize("path", MODULES + TEMPLATES, ids=lambda p: str(p.relative_to(run.ROOT)))
def test_file_is_at_most_400_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(run.ROOT)))
def test_a_template_has_no_line_over_160_characters(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert not {number: len(line) for number, line in enumerate(lines, 1) if len(line) > 160}


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_functions_are_at_most_40_lines(path: Path) -> None:
    long = {
        node.name: lines
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > 40
    }
    assert not long


def test_no_two_classes_have_one_name() -> None:
    homes: dict[str, list[str]] = {}
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                homes.setdefault(node.name, []).append(dotted(path))
    assert not {name: places for name, places in homes.items() if len(places) > 1}
