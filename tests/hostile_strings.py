"""Strings that break programs: one table, for the functions that read text and for the pages."""

from __future__ import annotations

STRINGS = {
    "bidi": ["\u202eevil\u202c", "abc\u2066\u2069\u200f"],
    "zero width": ["\u200b\u200c\u200d\ufeff", "a\u200bb\u2060c"],
    "emoji sequences": ["👩‍👩‍👧‍👦🏳️‍🌈", "🇫🇷" * 50],
    "combining floods": ["Z" + "\u0335\u0321\u0489" * 400, "\u0301" * 80],
    "NFC and NFD twins": ["e\u0301te\u0301", "été"],
    "homoglyphs": ["Рuріl", "рɑураl"],
    "NUL": ["\x00", "true\x00"],
    "control characters": ["\x01\x08\x1b[31m\x7f\x9b", "a\r\nSet-Cookie: x=y\r\n\r\n<html>"],
    "lone surrogates": ["\ud800", "a\udfffb"],
    "line separators": ["a\u2028b\u2029c", "\x85\x0b\x0c"],
    "a megabyte": ["x" * 1_000_000],
    "empty": ["", " \t\n "],
    "markup": [
        "<script>alert(1)</script>",
        "\"'><img src=x onerror=alert(1) hx-get=/account/export hx-trigger=load>",
        "{{ 7*7 }}${7*7}<%= 7*7 %>",
    ],
    "formulas": ["=cmd|' /C calc'!A0", "@SUM(1+1)*cmd"],
    "format and SQL": ["%s%n%(x)s{0.__class__}", "' OR 1=1; DROP TABLE player; --", "9" * 30],
}

SIGNS = (
    *("bidi", "zero width", "emoji sequences", "NFC and NFD twins", "homoglyphs"),
    "line separators",
)
"""Kinds that are odd by their signs alone: who takes one takes all, so pages get them joined."""

THROUGH_PAGES = {
    **{kind: texts for kind, texts in STRINGS.items() if kind not in SIGNS},
    "odd signs": [
        "".join(text for kind in SIGNS for text in STRINGS[kind]),
        "".join(STRINGS[kind][-1][:2] for kind in SIGNS),  # short: every field takes it
    ],
}
