"""Languages: the interface's and, chosen apart, the content's."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import cast

from babel.support import Translations
from flask import Flask, has_request_context, request, session
from flask_babel import Babel, force_locale, get_translations
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
    app.add_template_filter(in_content_language, "text")
    app.add_template_filter(language_of, "language_of")


@cache
def _translations(language: str) -> Translations:
    """The interface's words in a language, for templates: a page asks for hundreds.

    The same as Flask-Babel's, which looks for the reader's language at every word.
    """
    with force_locale(language):
        return cast(Translations, get_translations())


def ui_language() -> str:
    """The interface's language: chosen, else the browser's preference, else English."""
    if not has_request_context():
        return "en"
    chosen = session.get("ui")
    if chosen in LANGUAGES:
        return str(chosen)
    return _preferred(request.headers.get("Accept-Language", ""))


@lru_cache(maxsize=256)
def _preferred(accept_language: str) -> str:
    """What a browser prefers; asked several times a request, and few headers differ."""
    wanted = parse_accept_header(accept_language, LanguageAccept)
    return wanted.best_match(list(LANGUAGES)) or "en"


def content_language() -> str:
    """The language of claims and explanations: chosen, else the interface's."""
    return reader_languages()[1]


def reader_languages() -> tuple[str, str]:
    """The languages of the interface and of the content."""
    interface = ui_language()
    chosen = session.get("content") if has_request_context() else None
    return interface, str(chosen) if chosen in LANGUAGES else interface


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
