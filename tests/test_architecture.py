"""The layers hold: imports go down only, the domain is pure, files and functions stay short."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted((ROOT / "quiz").rglob("*.py"))
TEMPLATES = sorted((ROOT / "quiz").rglob("*.html"))
HTTP = {"flask", "flask_login", "flask_wtf", "werkzeug", "jinja2"}

# What each layer may import of the game, besides itself. The modules not named here
# (quiz, __main__, cli and other wiring) stand on top and may import anything.
BELOW = {
    "domain": set[str](),
    "errors": set[str](),
    "config": set[str](),
    "content": {"domain", "errors"},
    "group_commit": set(),
    "blocking": set(),
    "db": {"errors", "group_commit"},
    "models": {"domain", "db"},
    "services": {"domain", "errors", "content", "blocking", "db", "models"},
    "access": {"domain", "errors", "db", "models", "services"},
}
# … and what nothing below the wiring may import.
WIRING = {"__main__", "cli", "views"}


def layer(module: str) -> str:
    """The layer of a dotted name: ``quiz.domain.quote`` is in ``domain``."""
    return [*module.split("."), "__init__"][1]


def dotted(path: Path) -> str:
    """The module's name: ``quiz/domain/quote.py`` is ``quiz.domain.quote``."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> Iterator[str]:
    """The absolute dotted names a module imports, wherever in it, relative ones resolved."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            origin = ".".join([*base, *filter(None, [node.module])])
            # `from . import db` names a module, `from .db import Base` a thing in one.
            yield from (f"{origin}.{a.name}" if origin == "quiz" else origin for a in node.names)


def test_there_is_something_to_check() -> None:
    assert {layer(dotted(path)) for path in MODULES} >= {"domain", "models", "services", "views"}


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_imports_go_down_only(path: Path) -> None:
    here = layer(dotted(path))
    used = {layer(name) for name in imports(path) if name.split(".")[0] == "quiz"} - {here}
    if here in BELOW:
        assert used <= BELOW[here], f"{here} must not import {used - BELOW[here]}"
    elif here not in {"__init__", *WIRING}:
        assert not used & WIRING, f"{here} must not import {used & WIRING}"


@pytest.mark.parametrize(
    "path", [path for path in MODULES if layer(dotted(path)) == "domain"], ids=dotted
)
def test_domain_needs_the_standard_library_only(path: Path) -> None:
    outside = {name.split(".")[0] for name in imports(path)} - {"quiz"}
    assert outside <= sys.stdlib_module_names


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if layer(dotted(path)) in {"content", "models", "services"}],
    ids=dotted,
)
def test_nothing_below_the_views_knows_of_http(path: Path) -> None:
    assert not {name.split(".")[0] for name in imports(path)} & HTTP


@pytest.mark.parametrize("path", MODULES + TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_file_is_at_most_400_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize(
    "path", [path for path in MODULES if "migrations" not in path.parts], ids=dotted
)
def test_functions_are_at_most_40_lines(path: Path) -> None:
    long = {
        node.name: lines
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > 40
    }
    assert not long
