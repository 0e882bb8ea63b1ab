"""The trainer's desk: documents, sets and questions, readings, files."""

from __future__ import annotations

from . import documents, files, questions, readings, sets, texts

BLUEPRINTS = (sets.bp, documents.bp, questions.bp, readings.bp, files.bp)

__all__ = ["BLUEPRINTS", "texts"]
