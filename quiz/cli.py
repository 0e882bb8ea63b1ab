"""Commands: flask --app quiz questions …, demo …"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from .content.check import main as check
from .content.loader import load
from .db import db
from .services.sync import sync

questions = AppGroup("questions", help="Question files: check and load them.")


def init_cli(app: Flask) -> None:
    """Add the commands to `flask`."""
    app.cli.add_command(questions)


@questions.command("check")
@click.argument("folder", required=False, type=click.Path(exists=True, path_type=Path))
def check_questions(folder: Path | None) -> None:
    """Check question files: form, quotes, balance, languages and cues. Exit 1 on an error."""
    sys.exit(check([str(folder or current_app.config["QUESTIONS"])]))


@questions.command("sync")
@with_appcontext
def sync_questions() -> None:
    """Load the question files into the database; nothing already stored is changed."""
    library = load(current_app.config["QUESTIONS"])
    for problem in library.problems:
        click.echo(str(problem), err=True)
    report = sync(db.session(), library, datetime.now(UTC))
    click.echo(
        f"{report.documents} new documents, {report.revisions} new question revisions, "
        f"{report.sets} new sets, {report.retired} retired."
    )
