"""Which language a text is in, by its commonest small words."""

from __future__ import annotations

import re
from collections import Counter

# Words of one language that are none of the other's.
_SMALL_WORDS = {
    "fr": "le la les un une des du et est dans que qui pour pas sur avec il elle ce cette ces au "
    "aux par se sont été ont leur ou mais plus je vous nous ne son sa ses selon",
    "en": "the of and to in is that was for it with as his her he she they are this be by at "
    "from had have has which or but not were been their its said who will would",
}
_LANGUAGE_OF = {word: name for name, words in _SMALL_WORDS.items() for word in words.split()}
_LOOKED_AT = 20_000  # characters: the beginning is enough
_FEWEST = 3
_CLEARLY = 2  # times as many as the other's

_WORD = re.compile(r"[^\W\d_]+")


def guess_language(text: str) -> str | None:
    """ "fr", "en", or None where the text is too short or is clearly neither's."""
    words = (word.lower() for word in _WORD.findall(text[:_LOOKED_AT]))
    seen = Counter(_LANGUAGE_OF[word] for word in words if word in _LANGUAGE_OF)
    ranked = [*seen.most_common(), ("", 0), ("", 0)]
    (first, most), (_, next_most) = ranked[:2]
    return first if most >= max(_FEWEST, _CLEARLY * next_most) else None
