"""The editor: one question beside its documents."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("desk_questions", __name__, url_prefix="/desk/questions")
