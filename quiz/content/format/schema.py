"""The typed schema of the question files, and its JSON Schema for editors.

The models say what a file may hold; what its texts mean together is the business of the checks.
"""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import models_json_schema
from pydantic.types import StringConstraints

from ...domain.message import msg
from ...domain.question_set import LANGUAGES, RegionKind
from ...domain.verdict import RULES, Demands, Rule, Stance, Verdict

SCHEMA_FILE = "schema.json"
SLUG = "[a-z0-9]+(-[a-z0-9]+)*"
MAX_SLUG = 80
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"


def iso_date(value: str) -> str:
    """A day written YYYY-MM-DD that exists in the calendar.

    Raises ValueError with a code that schema_problems puts into words.
    """
    if not re.fullmatch(_DAY, value):
        raise ValueError("form")
    try:
        date.fromisoformat(value)
    except ValueError:
        raise ValueError("calendar") from None
    return value


def _date_or_range(value: str) -> str:
    """A day, or a range "from/to" in order."""
    days = [iso_date(day) for day in value.split("/")]
    if len(days) > 2 or days != sorted(days):
        raise ValueError("range")
    return value


def _shape(**shape: Any) -> WithJsonSchema:
    """What an editor may accept: it reads `2` and `true` as YAML does, not as strings only."""
    return WithJsonSchema(shape)


Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Verbatim = Annotated[str, StringConstraints(min_length=1)]
Slug = Annotated[str, StringConstraints(pattern=f"^{SLUG}$", max_length=MAX_SLUG)]
SkillCode = Annotated[str, StringConstraints(pattern="^[a-z]+(_[a-z]+)*$", max_length=40)]
Language = Annotated[str, StringConstraints(pattern="^[a-z]{2,3}$")]
GameLanguage = Literal["fr", "en"]
Day = Annotated[str, AfterValidator(iso_date), _shape(type="string", pattern=f"^{_DAY}$")]
DayOrRange = Annotated[
    str,
    AfterValidator(_date_or_range),
    _shape(type="string", pattern=f"^{_DAY}(/{_DAY})?$"),
]
Format = Annotated[Literal["1"], _shape(enum=[1, "1"])]
Order = Annotated[
    str,
    StringConstraints(pattern="^[0-9]{1,6}$"),
    _shape(
        anyOf=[{"type": "integer", "minimum": 0}, {"type": "string", "pattern": "^[0-9]{1,6}$"}]
    ),
]
YesNo = Annotated[Literal["true", "false"], _shape(enum=[True, False, "true", "false"])]
Difficulty = Annotated[Literal["1", "2", "3"], _shape(enum=[1, 2, 3, "1", "2", "3"])]
AnyVerdict = Annotated[Verdict, _shape(enum=[True, False, *(verdict.value for verdict in Verdict)])]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BothLanguages(_Model):
    """A text in every language of the game."""

    fr: Prose
    en: Prose


class OneLanguage(_Model):
    """A text in at least one language: in those of the set that it belongs to."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    fr: Prose = ""
    en: Prose = ""

    @model_validator(mode="after")
    def _is_not_empty(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("empty")
        return self


class SomeLanguages(_Model):
    """A text in the languages it needs."""

    fr: Prose | None = None
    en: Prose | None = None


class EvidenceEntry(_Model):
    """A quote of a question."""

    document: Slug
    quote: Verbatim
    prefix: Verbatim | None = None
    suffix: Verbatim | None = None
    stance: Stance
    translation: SomeLanguages | None = None


def _demands_of_rules(schema: dict[str, Any]) -> None:
    """Put what each rule demands of a question into its JSON Schema."""
    alike: dict[Any, list[Rule]] = {}
    for rule, demands in RULES.items():
        alike.setdefault((demands.verdict, demands.stances, demands.quotes), []).append(rule)
    schema["allOf"] = [
        {
            "if": {"properties": {"rule": {"enum": rules}}, "required": ["rule"]},
            "then": {"properties": _demanded(RULES[rules[0]])},
        }
        for rules in alike.values()
    ]


def _demanded(demands: Demands) -> dict[str, Any]:
    verdicts = {Verdict.TRUE: [True, "true"], Verdict.FALSE: [False, "false"]}
    one = {"properties": {"stance": {"enum": demands.stances}}, "required": ["stance"]}
    some = {"contains": one, "minContains": demands.quotes}
    return {
        "verdict": {"enum": verdicts.get(demands.verdict, [demands.verdict])},
        "evidence": {"items": one} if demands.is_silence else some,
    }


class QuestionEntry(_Model):
    """A question of a set. What a field is for is said here for spreadsheets and editors alike."""

    model_config = ConfigDict(json_schema_extra=_demands_of_rules)

    id: Slug = Field(
        description=msg("a short name that no other question of the set has; may stay empty")
    )
    claim: OneLanguage = Field(
        description=msg("the claim, in the languages of the set; 20 to 220 characters")
    )
    verdict: AnyVerdict = Field(description=msg("what the documents say of the claim"))
    rule: Rule = Field(description=msg("the rule of the rubric that leads to the verdict"))
    as_of: Day = Field(description=msg("the day the question is judged on, like 2026-01-09"))
    difficulty: Difficulty = Field(description=msg("from 1 (easy) to 3 (hard)"))
    skills: tuple[SkillCode, ...] = Field(
        description=msg("one to three codes, with commas between them")
    )
    files: tuple[Slug, ...] = Field(
        (),
        description=msg(
            "the short names of the documents it is judged on, with commas between them; "
            "may stay empty for all documents of the set"
        ),
    )
    contrast: Slug | None = Field(
        None,
        description=msg("the same short name in the questions of a contrast group; may stay empty"),
    )
    evidence: tuple[EvidenceEntry, ...]
    explanation: OneLanguage = Field(description=msg("why the verdict holds; 80 to 600 characters"))


def purpose(name: str) -> str:
    """What a field of a question is for, in words that can be translated."""
    return QuestionEntry.model_fields[name].description or ""


class SetFile(_Model):
    """questions/sets/<slug>.yaml"""

    format: Format
    title: OneLanguage
    summary: OneLanguage
    languages: Annotated[tuple[GameLanguage, ...], Field(min_length=1)] = ("fr", "en")
    order: Order | None = None
    examples: YesNo = "false"
    documents: Annotated[tuple[Slug, ...], Field(min_length=1)]
    questions: Annotated[tuple[QuestionEntry, ...], Field(min_length=1)]


class DisclosureEntry(_Model):
    """What a page says of itself."""

    quote: Verbatim
    prefix: Verbatim | None = None
    suffix: Verbatim | None = None
    note: OneLanguage


class RegionEntry(_Model):
    """A part of a document, from `begins` to where the next one begins."""

    kind: RegionKind
    begins: Verbatim
    note: OneLanguage | None = None


class DocumentFile(_Model):
    """questions/documents/<slug>.yaml, beside the text <slug>.txt"""

    format: Format
    title: OneLanguage
    headline: Verbatim | None = None
    language: Language
    publisher: Prose | None = None
    author: Prose | None = None
    published: DayOrRange | None = None
    constructed: YesNo = "false"
    kind: OneLanguage
    provenance: OneLanguage
    date_note: OneLanguage
    disclosures: tuple[DisclosureEntry, ...] | None = None
    regions: Annotated[tuple[RegionEntry, ...], Field(min_length=1)]


class VerdictItem(_Model):
    """A verdict of the taxonomy, under its code."""

    name: BothLanguages
    meaning: BothLanguages
    test: BothLanguages


class RuleItem(_Model):
    """A rule of the taxonomy, under its code."""

    name: BothLanguages
    meaning: BothLanguages
    ask: BothLanguages


class SkillItem(_Model):
    """A skill of the taxonomy, under its code."""

    name: BothLanguages
    definition: BothLanguages
    tip: BothLanguages


class StepItem(_Model):
    """A step of the taxonomy: what to ask, what follows, and the rules it can lead to."""

    ask: BothLanguages
    then: BothLanguages
    rules: tuple[Rule, ...] = ()


class TaxonomyFile(_Model):
    """questions/taxonomy.yaml"""

    format: Format
    verdicts: dict[Verdict, VerdictItem]
    rules: dict[Rule, RuleItem]
    skills: dict[SkillCode, SkillItem]
    steps: tuple[StepItem, ...]


OLDER_NAMES = {"pair": "contrast", "chain": "provenance", "dating": "date_note"}
"""Keys of question files as they were called once: files that have them are still read."""

_FILES = (SetFile, DocumentFile, TaxonomyFile)
_PARTS = (EvidenceEntry, QuestionEntry, DisclosureEntry, RegionEntry)
_ITEMS = (VerdictItem, RuleItem, SkillItem, StepItem)
KEYS = {name for model in (*_FILES, *_PARTS, *_ITEMS) for name in model.model_fields}
for _texts in (BothLanguages, OneLanguage, SomeLanguages):
    assert set(_texts.model_fields) == set(LANGUAGES)


def json_schema() -> str:
    """The JSON Schema of all question files, as the text of questions/schema.json."""
    refs, schema = models_json_schema(
        [(model, "validation") for model in _FILES],
        title="Question files: a set, a document or the taxonomy",
    )
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    for definition in schema["$defs"].values():
        if "enum" in definition:  # its description is a docstring for engineers
            definition.pop("description", None)
    schema["anyOf"] = [refs[model, "validation"] for model in _FILES]
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def write_json_schema(folder: Path) -> None:
    """Write `folder`/schema.json, which editors use to complete and check question files."""
    (folder / SCHEMA_FILE).write_text(json_schema(), encoding="utf-8", newline="\n")
