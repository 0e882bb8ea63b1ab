"""The trainer's desk: documents, sets and questions, readings, files."""

from __future__ import annotations

from . import documents, files, library, preview, questions, readings, set_life, sets, texts

BLUEPRINTS = (sets.bp, documents.bp, questions.bp, readings.bp, files.bp)

__all__ = ["BLUEPRINTS", "library", "preview", "set_life", "texts"]
