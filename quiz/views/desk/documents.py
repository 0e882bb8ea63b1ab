"""A trainer's documents."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("desk_documents", __name__, url_prefix="/desk/documents")
