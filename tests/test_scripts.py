"""Scripts are small modules that find each other, and a page gets all of them of one version."""

from __future__ import annotations

import re
from graphlib import TopologicalSorter
from pathlib import Path
from urllib.parse import urljoin

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from quiz.config import ROOT
from quiz.web.assets import init_assets, read_scripts
from quiz.web.headers import init_headers

FOLDER = ROOT / "static" / "js"
MODULES = {path.relative_to(FOLDER).as_posix(): path for path in sorted(FOLDER.rglob("*.js"))}
FEATURES = {"accounts", "classes", "desk", "library", "live", "play"}
TEMPLATES = sorted((ROOT / "quiz" / "templates").rglob("*.html"))
TAG = re.compile(r"<script\b[^>]*>[^<]*</script>")
MODULE = re.compile(
    r"""<script type="module" src="\{\{ url_for\('script', name='([^']+)'\) \}\}"></script>"""
)
HTMX = (
    """<script src="{{ url_for('static', filename='vendor/htmx/htmx.min.js') }}" defer></script>"""
)
IMPORT = re.compile(r"""\b(?:from|import)\s*\(?\s*["']([^"']+)["']""")


def tags() -> list[tuple[str, str]]:
    """Every script tag of the templates, with the template's name."""
    return [(path.name, tag) for path in TEMPLATES for tag in TAG.findall(path.read_text("utf-8"))]


def imports(name: str) -> list[str]:
    """What a module imports, as it says it."""
    return IMPORT.findall(MODULES[name].read_text("utf-8"))


def imported(name: str) -> set[str]:
    """The modules that a module imports, by name."""
    beside = MODULES[name].parent
    return {(beside / to).resolve().relative_to(FOLDER).as_posix() for to in imports(name)}


def test_every_script_of_a_page_is_a_module_and_only_htmx_is_not() -> None:
    assert len(tags()) > 20
    assert [(name, tag) for name, tag in tags() if tag != HTMX and not MODULE.fullmatch(tag)] == []


def test_modules_import_each_other_by_relative_addresses_alone() -> None:
    # Any other address would be of no version, and would run a module twice.
    absolute = [(name, to) for name in MODULES for to in imports(name) if to[0] != "."]
    missing = [(name, to) for name in MODULES for to in imported(name) if to not in MODULES]
    assert (absolute, missing) == ([], [])


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {name: imported(name) for name in MODULES}
    assert set(TopologicalSorter(graph).static_order()) == set(MODULES)
    assert any(graph.values())


def test_every_module_is_of_some_page() -> None:
    of_pages = {found[1] for _, tag in tags() if (found := MODULE.fullmatch(tag))}
    assert of_pages | {to for name in MODULES for to in imported(name)} == set(MODULES)


def test_a_module_is_of_a_feature_or_shared() -> None:
    assert {name.partition("/")[0] for name in MODULES if "/" in name} <= FEATURES
    for name in MODULES:
        feature = name.partition("/")[0] if "/" in name else None
        crossing = {to for to in imported(name) if "/" in to and to.partition("/")[0] != feature}
        assert not crossing, name


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_short_and_leaves_nothing_outside_itself(name: str) -> None:
    text = MODULES[name].read_text("utf-8")
    assert len(text.splitlines()) <= 400
    assert not re.search(r"\b(window|globalThis|self)(\.\w+)?\s*(\[[^\]]*\]\s*)?=[^=>]", text)
    assert "htmx." not in text  # it is told by events
    assert text.startswith("// ")  # what it is for


# Versions


@pytest.fixture
def game(tmp_path: Path) -> Flask:
    """An app whose scripts are two files in static/js."""
    scripts = tmp_path / "static" / "js"
    (scripts / "play").mkdir(parents=True)
    (scripts / "base.js").write_text("// shared\n")
    (scripts / "play" / "round.js").write_text('import "../base.js";\n')
    return started(tmp_path)


def started(folder: Path) -> Flask:
    """An app with the scripts of a folder, as a new process has it."""
    app = Flask("game", root_path=str(folder), static_folder=str(folder / "static"))
    app.config["HTTPS"] = False
    init_assets(app)
    init_headers(app)
    return app


def address(app: Flask, name: str = "play/round.js") -> str:
    """Where a page of the app finds a script."""
    with app.test_request_context():
        return url_for("script", name=name)


def edit(app: Flask, text: str) -> None:
    """Bring another version of the shared script."""
    (Path(app.root_path) / "static" / "js" / "base.js").write_text(text)


def gets(client: FlaskClient, where: str) -> tuple[int, str]:
    """The status and the text of an address."""
    response = client.get(where)
    return response.status_code, response.text if response.status_code == 200 else ""


def test_a_script_is_kept_for_a_year(app: Flask) -> None:
    response = app.test_client().get(address(app, "base.js"))

    assert response.data == MODULES["base.js"].read_bytes()
    assert response.mimetype == "text/javascript"
    assert "immutable" in response.headers["Cache-Control"]
    assert "Cookie" not in response.headers.get("Vary", "")
    assert "Set-Cookie" not in response.headers


def test_what_a_module_imports_is_of_the_same_version(game: Flask) -> None:
    assert urljoin(address(game, "play/round.js"), "../base.js") == address(game, "base.js")
    assert gets(game.test_client(), address(game, "base.js")) == (200, "// shared\n")


@pytest.mark.parametrize("change", ["another text", "another name", "a new file"])
def test_any_change_gives_every_script_another_address(game: Flask, change: str) -> None:
    folder = Path(game.root_path) / "static" / "js"
    before = address(game)
    if change == "another text":
        edit(game, "// changed\n")
    elif change == "another name":
        (folder / "base.js").rename(folder / "basis.js")
    else:
        (folder / "new.js").write_text("")
    after = started(Path(game.root_path))

    assert address(after) != before
    assert gets(after.test_client(), address(after)) == (200, 'import "../base.js";\n')


def test_a_page_made_before_a_deployment_gets_no_script_made_after_it(game: Flask) -> None:
    page = address(game)
    edit(game, "// changed\n")
    after = started(Path(game.root_path))

    response = after.test_client().get(page)

    assert response.status_code == 404
    assert response.headers["Cache-Control"] == "no-store"


def test_a_process_serves_the_scripts_it_started_with(game: Flask) -> None:
    page = address(game, "base.js")
    edit(game, "// not yet deployed\n")

    assert address(game, "base.js") == page
    assert gets(game.test_client(), page) == (200, "// shared\n")


def test_in_debug_mode_a_change_shows_with_the_next_page(game: Flask) -> None:
    game.debug = True
    before = address(game, "base.js")
    edit(game, "// changed\n")

    assert address(game, "base.js") != before
    assert gets(game.test_client(), address(game, "base.js")) == (200, "// changed\n")


def test_nothing_but_scripts_is_served_there(game: Flask) -> None:
    (Path(game.root_path) / "secret.txt").write_text("secret")
    folder = address(game).removesuffix("play/round.js")
    for name in ("../../secret.txt", "../../../secret.txt", "%2e%2e/%2e%2e/secret.txt", "play"):
        assert game.test_client().get(folder + name).status_code == 404


def test_versions_are_of_contents_and_names(tmp_path: Path) -> None:
    for folder, files in {"a": {"x.js": "1"}, "b": {"y.js": "1"}, "c": {"x.js": "1"}}.items():
        (tmp_path / folder).mkdir()
        for name, text in files.items():
            (tmp_path / folder / name).write_text(text)
    a, b, c = (read_scripts(tmp_path / folder).version for folder in "abc")
    assert a == c != b
