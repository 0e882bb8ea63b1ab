"""The questions that come with the game are fit for a class."""

from __future__ import annotations

from hashlib import sha256

import pytest

import run
from quiz.content.checks.check import check
from quiz.content.loader import load

QUESTIONS = run.ROOT / "questions"

# The documents are kept byte for byte as they were received.
CHECKSUMS = {
    "cancelled-strikes": "ed845a87a8fed9cae64bef1d299bf66e620a7d32c393fc6b078c73e8e22ff24c",
    "direct-call": "208e23c4e5467e5043a792e24ef0054af219c538c86b326c0caa98787023cc56",
    "gang-expertise": "498a95a0a518df63b1b16e0d45dba8bd168c88608d22cbaae1fdae39cf722cee",
    "kremlin-silence": "a5d9b4b61fce69a01cd799130f20699adac441873eb8028b6c47e1ca056d98a5",
    "moscow-pillar": "cab2c7c65c4f2897dcbe34c7db9d9b97d50285063a28c11993e5c5aec112e3f9",
}


def test_they_have_no_errors() -> None:
    assert [str(p) for p in check(load(QUESTIONS)) if p.severity == "error"] == []


@pytest.mark.parametrize("slug", CHECKSUMS)
def test_the_documents_are_what_was_received(slug: str) -> None:
    data = (QUESTIONS / f"documents/{slug}.txt").read_bytes()
    assert sha256(data).hexdigest() == CHECKSUMS[slug]
    assert load(QUESTIONS).documents[slug].text.encode("utf-8") == data
