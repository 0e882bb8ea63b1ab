"""The names of languages, verdicts and parts of a question, as messages say them."""

from __future__ import annotations

from collections.abc import Mapping

from ...domain.question_set import RegionKind
from ...domain.verdict import Verdict
from .problems import Words, say

LANGUAGE_NAMES: Mapping[str, Words] = {"fr": say("French"), "en": say("English")}
VERDICT_NAMES: Mapping[Verdict, Words] = {
    Verdict.TRUE: say("true"),
    Verdict.FALSE: say("false"),
    Verdict.UNVERIFIED: say("unverified"),
}
REGION_NAMES: Mapping[RegionKind, Words] = {
    RegionKind.FURNITURE: say("furniture"),
    RegionKind.CAPTION: say("caption"),
    RegionKind.COMMENTS: say("comments"),
}
"""The parts of the page around an article: those that messages speak of."""

PART_NAMES: Mapping[str, Words] = {
    "claim": say("claim"),
    "explanation": say("explanation"),
    "title": say("title"),
    "summary": say("summary"),
}
