"""Fetches the browser-side files we keep in the tree, and the icon sprite.

    python tests/vendor.py htmx.org 4.0.1     take another version of one package
    python tests/vendor.py                    fetch everything again, as pinned

Needs npm and the network; nothing else does. ``static/vendor/manifest.json`` names each package,
the npm integrity of its tarball, and the sha384 we computed of each file kept; ``test_vendor.py``
holds the tree to it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = ROOT / "static" / "vendor" / "manifest.json"
SPRITE_ATTRIBUTES = (
    'viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
    'stroke-linecap="round" stroke-linejoin="round"'
)


def integrity(content: bytes, algorithm: str = "sha384") -> str:
    """The subresource integrity of `content`: ``sha384-`` and the digest in base64."""
    digest = base64.b64encode(hashlib.new(algorithm, content).digest()).decode()
    return f"{algorithm}-{digest}"


def download(package: str, version: str, folder: Path) -> bytes:
    """The npm tarball of one version; npm itself checks it against its registry."""
    command = ["npm", "pack", "--silent", f"{package}@{version}", "--pack-destination", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder)
    return next(folder.glob("*.tgz")).read_bytes()


def unpack(tarball: bytes, folder: Path) -> Path:
    """Lays the tarball out under `folder`; returns the package's own root."""
    archive = folder / "package.tgz"
    archive.write_bytes(tarball)
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder / "package"


def sprite(icons: Path, names: list[str]) -> str:
    """One SVG with a ``<symbol id="i-NAME">`` per icon, drawn by presentation attributes only."""
    symbols = []
    for name in names:
        drawing = (icons / f"{name}.svg").read_text(encoding="utf-8")
        shapes = re.findall(r"<(?!svg|!--)\w+[^>]*/>", drawing)
        joined = "".join(re.sub(r"\s+", " ", shape).replace(" />", "/>") for shape in shapes)
        symbols.append(f'<symbol id="i-{name}" {SPRITE_ATTRIBUTES}>{joined}</symbol>')
    opening = '<svg xmlns="http://www.w3.org/2000/svg">'
    notice = "<!-- Lucide icons, ISC licence: static/vendor/lucide/LICENSE -->"
    return "\n".join([opening, notice, *symbols, "</svg>", ""])


def fetch(entry: dict[str, Any]) -> None:
    """Writes the files of one manifest entry and fills in the checksums it leaves empty.

    Raises ValueError when a pinned tarball no longer has the integrity on record.
    """
    with tempfile.TemporaryDirectory() as scratch:
        tarball = download(entry["package"], entry["version"], Path(scratch))
        found = integrity(tarball, "sha512")
        if entry.setdefault("integrity", found) != found:
            raise ValueError(f"{entry['package']}: {found} is not {entry['integrity']}")
        package = unpack(tarball, Path(scratch))
        for kept in entry["files"]:
            source = package / kept["from"]
            if "icons" in kept:
                content = sprite(source, kept["icons"]).encode()
            else:
                content = source.read_bytes()
            target = ROOT / kept["path"]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            kept["integrity"] = integrity(content)


def main(arguments: list[str]) -> None:
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    for entry in manifest["packages"]:
        if arguments and entry["package"] != arguments[0]:
            continue
        if len(arguments) > 1:
            entry["version"] = arguments[1]
            del entry["integrity"]
        fetch(entry)
        print(f"{entry['package']} {entry['version']}: {len(entry['files'])} files")
    MANIFEST.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
