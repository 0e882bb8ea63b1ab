"""A page and its part are one view: the page's address gives the page, the other what is in it.

The part is what htmx puts in the place of the old one. Which is wanted follows from the address
alone, never from a header; only how a browser is led elsewhere depends on who asks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as Redirect

from ..domain.errors import QuizError
from .pages import Page, render, render_part

P = ParamSpec("P")
R = TypeVar("R", bound=ResponseReturnValue)
Answer = str | tuple[str, int] | Redirect
View = Callable[Concatenate["Rendering", P], R]


@dataclass(frozen=True, slots=True)
class Rendering:
    """How a view's answer is wanted: as the page, or as the part of it."""

    is_part: bool

    def render(self, page: Page) -> str:
        """The page, or its part."""
        return render_part(page) if self.is_part else render(page)

    def after(self, show: Callable[[], str], there: str, error: QuizError | None = None) -> Answer:
        """What answers a form: `show` with 422 if it was refused, else the part, or on to `there`.

        `show` renders the page or its part, with the error in it.
        """
        if error is not None:
            return show(), 422
        return show() if self.is_part else redirect(there, 303)

    def leave(self, there: str) -> Redirect:
        """Lead to another page, also when the part of this one was asked for."""
        if self.is_part and "HX-Request" in request.headers:
            # fetch would follow a redirect, and htmx swap a page into this page
            return Redirect(headers={"HX-Redirect": there})
        return redirect(there, 303)


PAGE = Rendering(is_part=False)
PART = Rendering(is_part=True)


def page_and_part(
    bp: Blueprint, rule: str, *, method: str = "GET", part: str | None = None
) -> Callable[[View[P, R]], View[P, R]]:
    """Register a view under the page's address and the part's, which is `rule` and "/part".

    The endpoints are the view's name and the same with "_part". The view gets the Rendering first.
    `part` is the part's address where it is another one; it ends with "/part", as web.errors knows.
    """

    def register(view: View[P, R]) -> View[P, R]:
        for address, name, rendering in (
            (rule, view.__name__, PAGE),
            (part or f"{rule}/part", f"{view.__name__}_part", PART),
        ):
            bp.add_url_rule(address, name, _bound(view, rendering), methods=[method])
        return view

    return register


def _bound(view: View[P, R], rendering: Rendering) -> Callable[P, R]:
    @wraps(view)
    def shown(*args: P.args, **kwargs: P.kwargs) -> R:
        return view(rendering, *args, **kwargs)

    return shown
