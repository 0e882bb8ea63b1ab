"""Static files under addresses that change with their content, so that browsers keep them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort

ASSETS = frozenset({"static", "script"})
"""Endpoints of what is the same for everybody."""


@dataclass(frozen=True, slots=True)
class Scripts:
    """The modules of static/js as one whole: a version for all of them, and their texts by name."""

    version: str
    texts: Mapping[str, bytes]


def read_scripts(folder: Path) -> Scripts:
    """Read every *.js below the folder. The version changes with any name and any content."""
    texts = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*.js"))
    }
    named = "".join(f"{hashlib.sha256(text).hexdigest()} {name}\n" for name, text in texts.items())
    return Scripts(hashlib.sha256(named.encode()).hexdigest()[:12], texts)


@cache
def _fingerprint(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def init_assets(app: Flask) -> None:
    """Give static files and scripts their addresses, and serve the scripts.

    url_for("static", filename=…) gets `v=<hash of the content>`. url_for("script", name=…) has the
    version of all scripts as a folder, so that what a module imports by a relative address is of
    the same version. Another version than this process started with is not found: a page made
    before a deployment never runs an old module with a new one.
    """
    folder = Path(app.static_folder or "")
    at_start = read_scripts(folder / "js")

    def scripts() -> Scripts:
        return read_scripts(folder / "js") if app.debug else at_start

    @app.url_defaults
    def _version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "v" not in values:
            path = folder / values["filename"]
            values["v"] = _fingerprint(path, path.stat().st_mtime_ns)
        elif endpoint == "script":
            values.setdefault("version", scripts().version)

    @app.get("/scripts/<version>/<path:name>", endpoint="script")
    def _script(version: str, name: str) -> Response:
        served = scripts()
        if version != served.version or name not in served.texts:
            abort(404)
        return Response(served.texts[name], mimetype="text/javascript")
