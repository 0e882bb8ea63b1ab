"""The names of languages, verdicts and parts of a question, as messages say them."""

from __future__ import annotations

from collections.abc import Mapping

from ...domain.message import Message, msg
from ...domain.question_set import RegionKind
from ...domain.verdict import Verdict

LANGUAGE_NAMES: Mapping[str, Message] = {"fr": msg("French"), "en": msg("English")}
VERDICT_NAMES: Mapping[Verdict, Message] = {
    Verdict.TRUE: msg("true"),
    Verdict.FALSE: msg("false"),
    Verdict.UNVERIFIED: msg("unverified"),
}
REGION_NAMES: Mapping[RegionKind, Message] = {
    RegionKind.FURNITURE: msg("furniture"),
    RegionKind.CAPTION: msg("caption"),
    RegionKind.COMMENTS: msg("comments"),
}
"""The parts of the page around an article: those that messages speak of."""

PART_NAMES: Mapping[str, Message] = {
    "claim": msg("claim"),
    "explanation": msg("explanation"),
    "title": msg("title"),
    "summary": msg("summary"),
}
