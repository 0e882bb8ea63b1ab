"""The questions that ship with the game, read once by each process of the tests."""

from __future__ import annotations

import run
from quiz.content.loader import load

QUESTIONS = run.ROOT / "questions"
SHIPPED = load(QUESTIONS)
