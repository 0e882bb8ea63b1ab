"""The authoring guide: written once, in the folder of questions, and shown in the game too."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from markdown_it import MarkdownIt

FILES = {"en": "README.md", "fr": "LISEZMOI.md"}
_FOR_FILES_ONLY = "\n<!--"
_SCROLLING = (
    '<div class="scroll" tabindex="0" role="group" aria-label="{name}"><table class="data">'
)


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the guide; `html` is safe: the Markdown's own HTML is shown as text."""

    id: str
    title: str
    html: str


@dataclass(frozen=True, slots=True)
class Guide:
    """The guide in one language, without what concerns files only."""

    title: str
    lead: str
    sections: tuple[Section, ...]


@lru_cache(maxsize=8)
def writing_guide(folder: Path, language: str) -> Guide | None:
    """The guide of a folder of questions in a language of the game; None when it has none."""
    try:
        text = (folder / FILES[language]).read_text(encoding="utf-8")
    except OSError:
        return None
    head, *parts = re.split(r"(?m)^## ", text.partition(_FOR_FILES_ONLY)[0])
    # The title, the link to the other language, what the guide is about.
    title, _link, lead = [
        paragraph.strip() for paragraph in head.split("\n\n") if paragraph.strip()
    ]
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    sections = []
    for number, part in enumerate(parts):
        name, _, body = part.partition("\n")
        # A table wider than a phone scrolls by itself.
        html = markdown.render(body).replace("<table>", _SCROLLING.format(name=name.strip()))
        html = html.replace("</table>", "</table></div>")
        sections.append(Section(f"part-{number}", name.strip(), html))
    # Those who read it in the game want to know first how the desk works: it stands last.
    return Guide(title.removeprefix("# "), lead, (sections[-1], *sections[:-1]))
