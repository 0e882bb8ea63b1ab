"""Not Proven, the fact-check game with a third verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def create_app(config: Mapping[str, object] | None = None) -> Flask:
    """The application, wired. `config` overrides what the QUIZ_* environment says.

    Raises BadSetting for a setting that cannot work.
    """
    # Here, so that a part of the game can be imported without all the others, and without Flask.
    from flask import Flask

    from .config import ROOT, flask_config, read_settings

    app = Flask(__name__, static_folder=str(ROOT / "static"))
    app.config.from_mapping(flask_config(read_settings()))
    app.config.from_mapping(config or {})
    _check_worker(app)
    _wire(app)
    return app


def _check_worker(app: Flask) -> None:
    from .config import BadSetting
    from .services.accounts.offload import is_gevent

    if is_gevent() and app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        raise BadSetting(
            "One writer waiting for SQLite would stop everybody under gevent. Name a PostgreSQL in "
            "QUIZ_DATABASE_URL, or serve with `python -m quiz`."
        )


def _wire(app: Flask) -> None:
    from . import cli
    from .server import events, streams
    from .storage.db import init_db
    from .views import BLUEPRINTS
    from .web import access, assets, csrf, errors, headers, i18n, rate_limits, template_tools

    init_db(app)
    i18n.init_i18n(app)
    assets.init_assets(app)
    access.init_access(app)
    csrf.init_csrf(app)
    template_tools.init_templates(app)  # its macros use what stands above
    rate_limits.init_limits(app)
    events.init_events(app)
    streams.init_streams(app)
    errors.init_errors(app)
    headers.init_compression(app)
    headers.init_headers(app)
    cli.init_cli(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
