"""Commands: flask --app quiz questions …, trainer …, demo …"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import inspect

from .content.__main__ import main as check
from .content.format.archive import zipped
from .content.format.library import TAXONOMY_FILE
from .content.loader import load
from .domain.errors import BadInput, NotFound
from .domain.verdict import Verdict
from .models import Player
from .services.accounts import trainers
from .services.accounts.passphrases import new_passphrase
from .services.classes.demo import (
    MOST_ROUNDS,
    AlreadySeeded,
    DemoClass,
    NoQuestions,
    full_bias,
    seed_class,
)
from .services.library.published import TwoVersions, files_of, sets_on_offer
from .services.library.sync import sync
from .storage.db import db
from .web import labels

questions = AppGroup("questions", help="Question files: check and load them.")
trainer = AppGroup("trainer", help="Trainers: accounts that may have classes and open rooms.")
demo = AppGroup("demo", help="Made-up players, to see every page with data.")


def init_cli(app: Flask) -> None:
    """Add the commands to `flask`."""
    app.cli.add_command(questions)
    app.cli.add_command(trainer)
    app.cli.add_command(demo)


@questions.command("check")
@click.argument("folder", required=False, type=click.Path(exists=True, path_type=Path))
def check_questions(folder: Path | None) -> None:
    """Check question files: form, quotes, balance, languages and cues. Exit 1 on an error."""
    sys.exit(check([str(folder or current_app.config["QUESTIONS"])]))


@questions.command("sync")
@click.argument("folder", required=False, type=click.Path(exists=True, path_type=Path))
@with_appcontext
def sync_questions(folder: Path | None) -> None:
    """Load the question files into the database; nothing already stored is changed."""
    library = load(folder or current_app.config["QUESTIONS"])
    for problem in library.problems:
        click.echo(str(problem), err=True)
    report = sync(db.session(), library, datetime.now(UTC))
    click.echo(
        f"{report.documents} new documents, {report.revisions} new question revisions, "
        f"{report.sets} new sets, {report.retired} retired."
    )
    for slug in report.taken:
        click.echo(f"Left out: {slug}. A trainer's set has this name; rename the file.", err=True)


@questions.command("export")
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--set", "slugs", multiple=True, metavar="SLUG", help="Only this set; repeatable.")
@click.option("--force", is_flag=True, help="Write even where something is already.")
@with_appcontext
def export_questions(target: Path, slugs: tuple[str, ...], force: bool) -> None:
    """Write the sets on offer, trainers' too, as files: to a new folder, or to a .zip."""
    if not inspect(db.engine).has_table(Player.__tablename__):
        raise click.ClickException("There is no database yet: start the game once.")
    try:
        sets = sets_on_offer(db.session(), slugs)
        files = files_of(sets)
    except NotFound as error:
        raise click.ClickException(f"No set on offer is called {error}.") from None
    except TwoVersions as error:
        raise click.ClickException(
            f"{' and '.join(error.sets)} quote different versions of the document "
            f"{error.document}: export them one by one, with --set."
        ) from None
    _write(target, files, force)
    click.echo(f"{len(sets)} sets in {target}.")


def _write(target: Path, files: dict[str, bytes], force: bool) -> None:
    """Write the files to a folder, with the taxonomy, or to a zip file."""
    is_used = any(target.iterdir()) if target.is_dir() else target.exists()
    if is_used and not force:
        raise click.ClickException(f"There is something at {target} already; see --force.")
    try:
        if target.suffix == ".zip":
            target.write_bytes(zipped(files))
            return
        taxonomy = current_app.config["QUESTIONS"] / TAXONOMY_FILE
        for name, content in {**files, TAXONOMY_FILE: taxonomy.read_bytes()}.items():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes(content)
    except OSError as error:
        raise click.ClickException(str(error)) from None


@trainer.command("add")
@click.argument("name")
@click.option("--generate", is_flag=True, help="Make a passphrase up and print it.")
@with_appcontext
def add_trainer(name: str, generate: bool) -> None:
    """Make a trainer's account, or make the learner of that name a trainer."""
    if not inspect(db.engine).has_table(Player.__tablename__):
        raise click.ClickException("There is no database yet: start the game once.")
    known = trainers.is_known(db.session(), name)
    passphrase = None if known else _new_passphrase(generate)
    try:
        made = trainers.add_trainer(db.session(), name, passphrase, datetime.now(UTC))
    except BadInput as error:
        raise click.ClickException(labels.words(error.message)) from None
    click.echo(f"“{made.name}” is a trainer" + (", with the passphrase so far." if known else "."))
    if generate and passphrase:
        click.echo(f"The passphrase is “{passphrase}”. It is not shown again.")


def _new_passphrase(generate: bool) -> str:
    """A passphrase made up, or asked for twice without showing it."""
    if generate:
        return new_passphrase("en")
    return str(click.prompt("Passphrase", hide_input=True, confirmation_prompt=True))


def _leans(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> object:
    """The bias as DemoClass takes it, from words like "false=0.1"."""
    try:
        pairs = [word.split("=") for word in given]
        return full_bias({Verdict(verdict): float(lean) for verdict, lean in pairs})
    except ValueError as error:
        raise click.BadParameter(f"write true, false or unverified=NUMBER ({error})") from None


_usual = DemoClass()


@demo.command("seed")
@click.option("--players", default=_usual.players, type=click.IntRange(1, 1000))
@click.option("--rounds", default=_usual.rounds, type=click.IntRange(1, MOST_ROUNDS))
@click.option("--skill", default=_usual.skill, help="K: 0 guesses, 1 is always right.")
@click.option("--bias", callback=_leans, multiple=True, help="How guesses lean: false=0.1, …")
@click.option("--overconfidence", default=_usual.overconfidence, help="Felt minus real chance.")
@click.option("--checking", default=_usual.checking, help="Share of claims checked, 0 to 1.")
@click.option("--seed", default=_usual.seed, help="Another one gives another class.")
@click.option("--language", default=_usual.language, type=click.Choice(["fr", "en"]))
@with_appcontext
def seed_demo(**chosen: Any) -> None:
    """Add a class of made-up players with weeks of answers; prints how to sign in as one."""
    try:
        if not inspect(db.engine).has_table(Player.__tablename__):
            raise NoQuestions
        seeded = seed_class(db.session(), DemoClass(**chosen), datetime.now(UTC))
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    except NoQuestions:
        raise click.ClickException("Load the questions first: start the game once.") from None
    except AlreadySeeded:
        raise click.ClickException("This class is there already; try another --seed.") from None
    click.echo(f"{seeded.players} players, {seeded.rounds} rounds, {seeded.answers} answers.")
    click.echo(f"Sign in as “{seeded.name}” with the passphrase “{seeded.passphrase}”.")
