"""The browser-side files in the tree are the ones we pinned, and carry their licences."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from tests.vendor import MANIFEST, ROOT, integrity

PACKAGES: list[dict[str, Any]] = json.loads(MANIFEST.read_text(encoding="utf-8"))["packages"]
KEPT = {kept["path"]: kept["integrity"] for package in PACKAGES for kept in package["files"]}
SPRITE = "static/img/icons.svg"


@pytest.mark.parametrize("path", KEPT)
def test_file_is_byte_for_byte_the_one_pinned(path: str) -> None:
    assert integrity((ROOT / path).read_bytes()) == KEPT[path]


@pytest.mark.parametrize("folder", ["static/vendor", "tests/browser/vendor"])
def test_folder_holds_nothing_that_is_not_pinned(folder: str) -> None:
    present = {p.relative_to(ROOT).as_posix() for p in (ROOT / folder).rglob("*") if p.is_file()}
    assert present - {"static/vendor/manifest.json"} == {p for p in KEPT if p.startswith(folder)}


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["package"])
def test_package_is_pinned_with_its_licence(package: dict[str, Any]) -> None:
    assert package["integrity"].startswith("sha512-")
    assert package["licence"]
    assert any(Path(kept["path"]).name == "LICENSE" for kept in package["files"])


def test_sprite_has_the_icons_asked_for_and_no_style() -> None:
    asked = next(kept["icons"] for p in PACKAGES for kept in p["files"] if kept["path"] == SPRITE)
    symbols = list(ET.parse(ROOT / SPRITE).getroot())
    assert [symbol.get("id") for symbol in symbols] == [f"i-{name}" for name in asked]
    for symbol in symbols:
        assert len(symbol), symbol.get("id")
        assert not any(
            shape.tag.endswith("style") or "style" in shape.attrib for shape in symbol.iter()
        )
