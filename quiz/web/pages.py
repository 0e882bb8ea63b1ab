"""What a page needs, in one place: each is a frozen dataclass that names its template.

@dataclass(frozen=True, slots=True)
class Keep(Page):
    template: ClassVar = "accounts/keep.html"
    error: BadInput | None

return render(Keep(error=None))

A page whose part has an address of its own is rendered by web.page_parts.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import ClassVar

from flask import render_template


@dataclass(frozen=True, slots=True)
class Page:
    """The context of a template: its fields are the names that the template knows.

    `part` is the template of the page's part: the page's name with a "_" before it, unless said.
    """

    template: ClassVar[str]
    part: ClassVar[str] = ""


def render(page: Page) -> str:
    """The page as HTML, in the reader's language."""
    return render_template(page.template, **_context(page))


def render_part(page: Page) -> str:
    """The page's part as HTML. The page includes it, so one context serves both."""
    return render_template(page.part or _beside(page.template), **_context(page))


def _context(page: Page) -> dict[str, object]:
    names = _names(type(page))  # type: ignore[arg-type]  # the class has a hash, as any class
    return {name: getattr(page, name) for name in names}


@cache
def _names(kind: type[Page]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _beside(template: str) -> str:
    folder, _, name = template.rpartition("/")
    return f"{folder}/_{name}"
