"""Languages: the interface's and, chosen apart, the content's."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import cast

from babel.support import Translations
from flask import Flask
from flask.globals import request_ctx
from flask_babel import Babel, force_locale, get_translations
from markupsafe import Markup
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

LANGUAGES = {"fr": "Français", "en": "English"}
_babel = Babel()


def init_i18n(app: Flask) -> None:
    """Set up gettext with the interface language of each request."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "en")
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", f"{app.root_path}/translations")
    _babel.init_app(app, locale_selector=ui_language)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # by jinja2.ext.i18n
        gettext=lambda message: _translations(ui_language()).ugettext(message),
        ngettext=lambda one, many, n: _translations(ui_language()).ungettext(one, many, n),
        newstyle=True,
    )
    app.jinja_env.globals["_"] = _words
    app.add_template_filter(in_content_language, "text")
    app.add_template_filter(language_of, "language_of")


def _words(message: str, **values: object) -> Markup:
    """The interface's words for a text, in the reader's language, with the values in it escaped.

    What jinja2.ext.i18n does for `_`, in a third of the time: a page asks for hundreds.
    """
    words = _translated(ui_language(), message)
    return words % values if values or "%" in words else words


@cache
def _translated(language: str, message: str) -> Markup:
    """Only for what templates say: their messages are few, and known to be HTML."""
    return Markup(_translations(language).ugettext(message))


@cache
def _translations(language: str) -> Translations:
    """The interface's words in a language.

    The same as Flask-Babel's, which looks for the reader's language at every word.
    """
    with force_locale(language):
        return cast(Translations, get_translations())


def ui_language() -> str:
    """The interface's language: chosen, else the browser's preference, else English."""
    return reader_languages()[0]


def content_language() -> str:
    """The language of claims and explanations: chosen, else the interface's."""
    return reader_languages()[1]


def reader_languages() -> tuple[str, str]:
    """The languages of the interface and of the content."""
    if not request_ctx:
        return "en", "en"
    # The context itself, not its proxies: this is asked at every word.
    context = request_ctx._get_current_object()  # type: ignore[attr-defined]  # a LocalProxy
    prefers = context.request.environ.get("HTTP_ACCEPT_LANGUAGE", "")
    return _languages(context.session.get("ui"), context.session.get("content"), prefers)


@lru_cache(maxsize=256)
def _languages(ui: str | None, content: str | None, accept_language: str) -> tuple[str, str]:
    """From what was chosen and what a browser prefers. Few headers differ."""
    if ui not in LANGUAGES:
        wanted = parse_accept_header(accept_language, LanguageAccept)
        ui = wanted.best_match(list(LANGUAGES)) or "en"
    return ui, content if content in LANGUAGES else ui


def in_content_language(text: Mapping[str, str], language: str | None = None) -> str:
    """A text of a question set in the content language (template filter `text`)."""
    wanted = language or content_language()
    return text.get(language_of(text, wanted), "")


def language_of(text: Mapping[str, str], language: str | None = None) -> str:
    """The language that `in_content_language` gives a text in: the wanted one, else one it has.

    The template filter of this name keeps `lang` attributes true.
    """
    wanted = language or content_language()
    return wanted if text.get(wanted) else next((code for code, t in text.items() if t), wanted)
