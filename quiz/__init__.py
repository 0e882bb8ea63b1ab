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
    from flask_compress import Compress

    from . import cli
    from .config import ROOT, BadSetting, flask_config, read_settings
    from .server.events import init_events
    from .server.streams import init_streams
    from .services.accounts.offload import is_gevent
    from .storage.db import init_db
    from .views import BLUEPRINTS
    from .web import access, assets, csrf, errors, headers, i18n, rate_limits, template_tools

    app = Flask(__name__, static_folder=str(ROOT / "static"))
    app.config.from_mapping(flask_config(read_settings()))
    app.config.from_mapping(config or {})
    app.config.setdefault("COMPRESS_ALGORITHM", ["br", "gzip"])
    app.config.setdefault("COMPRESS_BR_LEVEL", 1)
    app.config.setdefault("COMPRESS_MIN_SIZE", 500)
    if is_gevent() and app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        raise BadSetting(
            "One writer waiting for SQLite would stop everybody under gevent. Name a PostgreSQL in "
            "QUIZ_DATABASE_URL, or serve with `python -m quiz`."
        )
    init_db(app)
    i18n.init_i18n(app)
    assets.init_assets(app)
    template_tools.init_templates(app)
    access.init_access(app)
    csrf.init_csrf(app)
    rate_limits.init_limits(app)
    init_events(app)
    init_streams(app)
    errors.init_errors(app)
    Compress(app)
    headers.init_headers(app)
    cli.init_cli(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app
