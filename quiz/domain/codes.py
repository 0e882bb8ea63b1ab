"""Codes that join a class or a room: short, read aloud, typed on phones."""

from __future__ import annotations

import secrets
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's Base32: 32 signs of which no two look alike, and few rude words.

https://www.crockford.com/base32.html
"""

LENGTH = 6
LONGEST_TYPED = 100
"""Signs that are looked at: nobody means a code that needs more."""

# What is read or typed instead of a sign of the alphabet.
_LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


def new_code() -> str:
    """A random code: 30 bits, from the system's own randomness."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normalise(typed: str) -> str | None:
    """The code that somebody meant, None when it cannot be one.

    Case, spaces and hyphens do not count, and look-alikes are what they look like.
    """
    plain = unicodedata.normalize("NFKC", typed[:LONGEST_TYPED]).upper()
    kept = "".join(sign for sign in plain if not sign.isspace() and sign not in "-‐‑–—")
    code = kept.translate(_LOOK_ALIKES)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None
