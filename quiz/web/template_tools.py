"""What templates can use beside Flask's own: labels, dates, languages, passages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, cast

from flask import Flask, current_app, request, url_for
from flask_babel import format_date, format_datetime, format_decimal
from markupsafe import Markup
from werkzeug.local import LocalProxy

from ..content.loader import load_taxonomy
from ..domain.scoring import STAKES, Confidence
from ..domain.taxonomy import Taxonomy
from ..services.library import passages
from . import labels
from .access import player
from .assets import ASSETS
from .boosting import boosted
from .fragments import Pieces, macros
from .i18n import LANGUAGES, content_language, ui_language
from .qr import qr_svg

ADDRESSES = 4000


def init_templates(app: Flask) -> None:
    """Register filters, globals and whitespace rules."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.add_template_filter(_day, "day")
    app.add_template_filter(_language_name, "language_name")
    app.add_template_filter(_iso_day, "iso_day")
    app.add_template_filter(_published, "published")
    app.add_template_filter(_moment, "moment")
    app.add_template_filter(_signed, "signed")
    app.add_template_filter(_percent, "percent")
    app.add_template_filter(zip, "zip")
    app.add_template_filter(_number, "number")
    app.add_template_filter(_points_of_percent, "points_of_percent")
    app.add_template_filter(_qr, "qr")
    app.add_template_filter(_without_scheme, "without_scheme")
    app.jinja_env.globals.update(
        labels=labels,
        passages=passages,
        player=player,
        boosted=boosted,
        languages=LANGUAGES,
        confidences=tuple(Confidence),
        stakes=STAKES,
        icon=_icon,
        url_for=_addresses(),
        cached=Pieces(app.jinja_env).cached,
        taxonomy=load_taxonomy(app.config["QUESTIONS"]),
        # Not from a context processor: files of macros, imported without context, have globals.
        ui_language=LocalProxy(ui_language),
        content_language=LocalProxy(content_language),
    )
    app.jinja_env.globals.update(macros(app.jinja_env))


def taxonomy() -> Taxonomy:
    """The words of the rubric, read once, at the start."""
    return cast(Taxonomy, current_app.jinja_env.globals["taxonomy"])


def _addresses() -> Callable[..., str]:
    """Flask's url_for, which remembers: a page asks for many addresses, and mostly for the same."""

    @lru_cache(ADDRESSES, typed=True)
    def known(_script_root: str, endpoint: str, **values: Any) -> str:
        return url_for(endpoint, **values)

    def address(endpoint: str, **values: Any) -> str:
        # Those of files change with the files, the others with how the game was reached.
        if endpoint in ASSETS or "_external" in values:
            return url_for(endpoint, **values)
        return known(request.script_root, endpoint, **values)

    return address


def _icon(name: str) -> Markup:
    """An icon of the sprite, hidden from screen readers: the words beside it say what it means."""
    return _icon_under(request.script_root, name)


@cache
def _icon_under(_script_root: str, name: str) -> Markup:
    """A page has dozens of them: their address is made once."""
    sprite = url_for("static", filename="img/icons.svg")
    return Markup(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#i-{}"></use></svg>'
    ).format(sprite, name)


def _without_scheme(address: str) -> str:
    """An address as one types it."""
    return address.partition("://")[2]


def _qr(text: str) -> Markup:
    """The text as a QR code; the element around it gives the role and the name."""
    return Markup(qr_svg(text))  # paths and numbers only


def _language_name(code: str) -> str:
    """A language's own name, where the game has it."""
    return LANGUAGES.get(code, code)


def _day(value: datetime) -> str:
    return str(format_date(value, "d MMM y"))


def _iso_day(value: str) -> str:
    return _day(datetime.fromisoformat(value))


def _published(value: str) -> str:
    """A document's date, or its range "from/to"."""
    return " – ".join(_iso_day(day) for day in value.split("/"))


def _moment(value: datetime) -> str:
    return str(format_datetime(value, "d MMM y, HH:mm"))


def _signed(number: float) -> str:
    """A number with its sign; a true minus, so that it reads well in columns."""
    return f"+{number}" if number > 0 else str(number).replace("-", "−")


def _percent(share: float) -> str:
    """A share as whole percent, with the space that French wants."""
    gap = "\u202f" if ui_language() == "fr" else ""
    return f"{round(100 * share)}{gap}%"


def _number(value: float) -> str:
    """Two decimals, with the language's decimal mark."""
    return str(format_decimal(value, "0.00"))


def _points_of_percent(difference: float) -> str:
    """A difference of shares in percentage points, signed."""
    return _signed(round(100 * difference))
