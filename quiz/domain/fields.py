"""A question as the fields of a form, and back: what autosave sends, compares and merges.

Field names: "claim.fr", "claim.en", "verdict", "rule", "as_of", "difficulty", "skills" (codes with
a space between), "pair", "explanation.fr", … and per quote "evidence.<key>.stance" and
"evidence.<key>.translation.<language>". A quote's key depends on what is quoted only, so that two
people who add and delete quotes at the same time still speak of the same one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from .draft import Draft, DraftEvidence
from .question_set import LANGUAGES, Text
from .verdict import Rule, Stance, Verdict

LEVELS = ("1", "2", "3")


class BadField(ValueError):
    """A field holds what no form offers; the argument is its name."""


def evidence_key(evidence: DraftEvidence) -> str:
    """What tells a quote from the others of its question: 12 hexadecimal digits."""
    quote = evidence.quote
    words = "\0".join((evidence.document, quote.prefix, quote.exact, quote.suffix))
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def fields_of(draft: Draft) -> dict[str, str]:
    """Every field of a question with its value; "" where nothing is written yet."""
    fields = {f"claim.{language}": draft.claim.get(language, "") for language in LANGUAGES}
    fields |= {
        "verdict": draft.verdict or "",
        "rule": draft.rule or "",
        "as_of": draft.as_of,
        "difficulty": str(draft.difficulty or ""),
        "skills": " ".join(draft.skills),
        "pair": draft.pair or "",
    }
    for language in LANGUAGES:
        fields[f"explanation.{language}"] = draft.explanation.get(language, "")
    for evidence in draft.evidence:
        name = f"evidence.{evidence_key(evidence)}"
        fields[f"{name}.stance"] = evidence.stance or ""
        for language in LANGUAGES:
            fields[f"{name}.translation.{language}"] = evidence.translation.get(language, "")
    return fields


def with_fields(draft: Draft, fields: Mapping[str, str]) -> Draft:
    """The question with these fields changed; fields of quotes it does not have are left out.

    Raises BadField on a verdict, rule, stance or difficulty that there is not.
    """
    values = fields_of(draft) | dict(fields)
    return replace(
        draft,
        claim=_text(values, "claim"),
        verdict=_verdict(values["verdict"]),
        rule=_rule(values["rule"]),
        as_of=values["as_of"].strip(),
        difficulty=_difficulty(values["difficulty"]),
        skills=tuple(dict.fromkeys(values["skills"].split())),
        evidence=tuple(_evidence(evidence, values) for evidence in draft.evidence),
        explanation=_text(values, "explanation"),
        pair=values["pair"].strip() or None,
    )


def _evidence(evidence: DraftEvidence, values: Mapping[str, str]) -> DraftEvidence:
    name = f"evidence.{evidence_key(evidence)}"
    return replace(
        evidence,
        stance=_stance(name, values[f"{name}.stance"]),
        translation=_text(values, f"{name}.translation"),
    )


def _text(values: Mapping[str, str], name: str) -> Text:
    """The languages written; line ends as everywhere in the game, blanks around them dropped."""
    written = {
        language: values[f"{name}.{language}"].replace("\r\n", "\n").strip()
        for language in LANGUAGES
    }
    return {language: text for language, text in written.items() if text}


def _verdict(value: str) -> Verdict | None:
    try:
        return Verdict(value) if value else None
    except ValueError:
        raise BadField("verdict") from None


def _rule(value: str) -> Rule | None:
    try:
        return Rule(value) if value else None
    except ValueError:
        raise BadField("rule") from None


def _stance(name: str, value: str) -> Stance | None:
    try:
        return Stance(value) if value else None
    except ValueError:
        raise BadField(f"{name}.stance") from None


def _difficulty(value: str) -> int | None:
    if value and value not in LEVELS:
        raise BadField("difficulty")
    return int(value) if value else None
