"""Sets and documents as files, out and in."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("desk_files", __name__, url_prefix="/desk/files")
