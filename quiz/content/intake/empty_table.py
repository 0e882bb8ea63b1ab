"""The empty table for new questions: two worked examples, and a sheet that explains the columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ...domain.fields import FIELDS, LEVELS, Field, FieldKind
from ...domain.message import Message, msg
from ...domain.question_set import Draft, DraftEvidence, Text
from ...domain.quote import Quote
from ...domain.taxonomy import Taxonomy
from ...domain.verdict import Rule, Stance, Verdict
from ..format.schema import purpose
from ..format.spreadsheet_writing import Table
from .question_table import table_of

_EXAMPLES = (
    Draft(
        id="example-bridge-opening",
        claim={
            "fr": "Le pont neuf a été ouvert à la circulation le 3 mai.",
            "en": "The new bridge was opened to traffic on 3 May.",
        },
        verdict=Verdict.TRUE,
        rule=Rule.T1,
        as_of="2025-05-04",
        difficulty=1,
        skills=("close_reading",),
        evidence=(
            DraftEvidence(
                "name-of-the-document",
                Quote("Le maire a ouvert le pont neuf le 3 mai."),
                Stance.SUPPORTS,
                {"en": "The mayor opened the new bridge on 3 May."},
            ),
        ),
        explanation={
            "fr": "L’article le dit de sa propre voix, sans réserve, et rien d’autre ne le dément.",
            "en": "The article says so in its own voice, without a hedge; nothing else disagrees.",
        },
    ),
    Draft(
        id="example-bridge-winter",
        claim={
            "fr": "Le pont est fermé à la circulation pendant tout l’hiver.",
            "en": "The bridge is closed to traffic for the whole winter.",
        },
        verdict=Verdict.UNVERIFIED,
        rule=Rule.U1,
        as_of="2025-05-04",
        difficulty=2,
        skills=("anonymous_source", "unconfirmed_flag"),
        evidence=(
            DraftEvidence(
                "name-of-the-document",
                Quote("Le pont serait fermé en hiver, selon un riverain"),
                Stance.HEDGES,
                {"en": "The bridge is said to be closed in winter, according to a neighbour"},
            ),
        ),
        explanation={
            "fr": "« Serait » et « selon un riverain » : l’article rapporte ce qui se dit et ne "
            "l’a pas vérifié. On ne peut pas trancher.",
            "en": "“Is said to be” and “according to a neighbour”: the article passes on what is "
            "said and has not checked it. It cannot be settled.",
        },
    ),
)


def template(taxonomy: Taxonomy, said: Callable[[Message], str] = str) -> tuple[Table, Table]:
    """The table to fill in, and the help for it: two sheets of a workbook, or the first as CSV.

    `said` says the help in the reader's language; names of the rubric stand in all languages.
    """
    rows = [
        (column, said(what) if isinstance(what, Message) else what, values)
        for column, what, values in _help(taxonomy)
    ]
    headings = (msg("column"), msg("what to write"), msg("allowed values"))
    return table_of(_EXAMPLES), Table(said(msg("Help")), [said(text) for text in headings], rows)


def _help(taxonomy: Taxonomy) -> Iterator[tuple[str, str, str]]:
    """What each column is for and, a row each, the codes that it takes with their names."""
    yield "", msg("One question a row. Delete the two examples before you send the file."), ""
    yield "id", purpose("id"), ""
    *others, explanation = FIELDS
    for field in others:
        yield from _help_with(field, taxonomy)
    yield "document_1", msg("the short name of the document that is quoted"), ""
    yield "quote_1", msg("the passage, character for character as in the document"), ""
    words = msg("what stands right before and after it, where the passage stands more than once")
    yield "prefix_1, suffix_1", words, ""
    yield "stance_1", msg("how the passage bears on the claim"), ""
    for stance, meaning in _STANCES.items():
        yield "", meaning, stance.value
    yield "translation_…_1", msg("the passage in the other languages of the set"), ""
    yield "…_2, …_3", msg("the same for a second and a third passage"), ""
    yield from _help_with(explanation, taxonomy)


def _help_with(field: Field, taxonomy: Taxonomy) -> Iterator[tuple[str, str, str]]:
    column = f"{field.name}_…" if field.is_text else field.name
    values = ", ".join(LEVELS) if field.kind is FieldKind.LEVEL else ""
    yield column, purpose(field.name), values
    names: Mapping[str, Text] = {
        "verdict": {code.value: item.name for code, item in taxonomy.verdicts.items()},
        "rule": {code.value: item.name for code, item in taxonomy.rules.items()},
        "skills": {code: skill.name for code, skill in taxonomy.skills.items()},
    }.get(field.name, {})
    for code in field.codes or names:
        yield "", " / ".join(names.get(code, {}).values()), code


_STANCES: Mapping[Stance, Message] = {
    Stance.SUPPORTS: msg("it says what the claim says"),
    Stance.REFUTES: msg("it contradicts the claim"),
    Stance.HEDGES: msg("it speaks of it without settling it"),
    Stance.NEAREST: msg("the closest there is in documents that are silent"),
}
