"""What a page needs, in one place: each is a frozen dataclass that names its template.

@dataclass(frozen=True, slots=True)
class Keep(Page):
    template: ClassVar = "accounts/keep.html"
    error: BadInput | None

return render(Keep(error=None))
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import ClassVar

from flask import render_template


@dataclass(frozen=True, slots=True)
class Page:
    """The context of a template: its fields are the names that the template knows."""

    template: ClassVar[str]


def render(page: Page) -> str:
    """The page as HTML, in the reader's language."""
    return render_template(page.template, **{f.name: getattr(page, f.name) for f in fields(page)})
