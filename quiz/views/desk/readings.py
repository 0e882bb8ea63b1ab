"""Second readers, remarks and disputes."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("desk_readings", __name__, url_prefix="/desk/readings")
