"""What can be said of a document without reading it: proposals, to be made better by a person."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date

from ...domain.question_set import LANGUAGES, SourceDocument


def proposals(document: SourceDocument) -> dict[str, str]:
    """Texts for the fields "kind", "provenance" and "date_note" of a form, in each language.

    They follow from who is stated to publish and to write, and from the date stated.
    """
    return {
        f"{name}.{language}": propose(document, language)
        for name, propose in (
            ("kind", _kind),
            ("provenance", _provenance),
            ("date_note", _date_note),
        )
        for language in LANGUAGES
    }


def _kind(document: SourceDocument, language: str) -> str:
    french, english = (
        ("Texte signé", "Signed text")
        if document.author
        else ("Texte sans auteur indiqué", "Text that states no author")
    )
    return french if language == "fr" else english


def _provenance(document: SourceDocument, language: str) -> str:
    author, publisher = document.author, document.publisher
    if author and publisher:
        french, english = (
            f"{author} l’écrit, {publisher} le publie.",
            f"{author} writes it, {publisher} publishes it.",
        )
    elif publisher:
        french, english = (
            f"{publisher} le publie, sans nommer d’auteur.",
            f"{publisher} publishes it and names no author.",
        )
    elif author:
        french, english = (
            f"{author} l’écrit\u00a0; l’éditeur n’est pas indiqué.",
            f"{author} writes it; no publisher is stated.",
        )
    else:
        french, english = (
            "Ni auteur ni éditeur n’est indiqué.",
            "Neither author nor publisher is stated.",
        )
    return french if language == "fr" else english


def _date_note(document: SourceDocument, language: str) -> str:
    if document.published is None:
        french, english = "La page ne porte pas de date.", "The page states no date."
        return french if language == "fr" else english
    first, *last = (_day(day, language) for day in document.published.split("/"))
    if last:
        french, english = (
            f"La page porte des dates du {first} au {last[0]}.",
            f"The page bears dates from {first} to {last[0]}.",
        )
    else:
        french, english = f"La page porte la date du {first}.", f"The page is dated {first}."
    return french if language == "fr" else english


def _day(iso: str, language: str) -> str:
    day = date.fromisoformat(iso)
    shown = format_date(day, "d MMMM y", locale=language)
    return f"1er{shown[1:]}" if language == "fr" and day.day == 1 else shown
