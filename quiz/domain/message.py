"""What the game says to people: in English, with its values, to be said in their language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Message(str):
    """A sentence in English that can be said in another language: its template and its values."""

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, Any]


def msg(template: str, /, **values: Any) -> Message:
    """The template with {name} filled in; `labels.words` says it in the reader's language.

    Templates are collected for translation: write them in place, as literals.
    """
    message = Message(template.format(**values) if values else template)
    message.template = template
    message.values = values
    return message
