"""Playing in a browser, and looking up in the database what came of it.

The helpers that end in the database open an app context of their own and give plain values, so that
no session of SQLAlchemy is alive while a page is driven.
"""

from __future__ import annotations

import random
import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from playwright.sync_api import Locator, Page, Route, expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quiz.domain.answer import Look, Mode, Submission
from quiz.domain.message import Message
from quiz.domain.scoring import Confidence
from quiz.domain.verdict import Verdict
from quiz.models import Player, Response, Round, RoundItem
from quiz.services.accounts import players, trainers
from quiz.services.classes import classrooms, rosters
from quiz.services.library.catalogue import Revision, catalogue_of
from quiz.services.play import solo
from quiz.services.play.answers import Caller
from quiz.storage.db import db, writing
from quiz.web import labels

if TYPE_CHECKING:
    from tests.browser.conftest import Site

VERDICT = {Verdict.TRUE: "True", Verdict.FALSE: "False", Verdict.UNVERIFIED: "Unverified"}
SURENESS = {
    Confidence.GUESS: "Guess",
    Confidence.LEANING: "Leaning",
    Confidence.FAIRLY_SURE: "Fairly sure",
    Confidence.SURE: "Sure",
}


@dataclass(frozen=True, slots=True)
class Tapped:
    """What a player taps on one look: `sentence` counts the sentences on the page, None for none.

    With `sentence` "none" the player says that no passage settles the claim.
    """

    verdict: Verdict
    confidence: Confidence
    sentence: int | str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """An answer as stored; `pointed` is the text at the stored place, "none", or None."""

    position: int
    look: Look
    verdict: Verdict
    confidence: Confidence
    pointed: str | None


# In the browser.


def start(page: Page, mode: str = "quick", slug: str = "five-files", size: str = "5") -> str:
    """Start a round from the home page; gives its id."""
    page.goto("/")
    card = page.locator(f"#{slug}")
    card.locator(f"input[name=size][value='{size}']").check()
    card.locator(f"button[name=mode][value={mode}]").click()
    expect(claim_of(page)).to_be_visible()
    arrived(page)
    return round_of(page)


def arrived(page: Page) -> None:
    """Wait until the page's scripts run: before that a click or a key acts as without scripts."""
    page.wait_for_load_state()


def round_of(page: Page) -> str:
    """The id of the round whose page is shown."""
    return urlsplit(page.url).path.split("/")[2]


def claim_of(page: Page) -> Locator:
    """The heading of a question that is asked."""
    return page.locator("h1.claim")


def outcome_on(page: Page) -> Locator:
    """The heading of a revealed question."""
    return page.locator("h1.outcome")


def choose(page: Page, tapped: Tapped) -> None:
    """Choose what `tapped` says, by mouse, without sending it."""
    if tapped.sentence is not None:
        point(page, tapped.sentence).click()
    choice(page, "verdict", tapped.verdict.value).click()
    choice(page, "confidence", tapped.confidence.value).click()


def choice(page: Page, name: str, value: object) -> Locator:
    """What to tap for a verdict or a confidence."""
    radio = page.locator(f"input[name={name}][value='{value}']")
    return page.locator("label").filter(has=radio)


def point(page: Page, sentence: int | str) -> Locator:
    """What to tap for a sentence, its file opened if need be."""
    if sentence == "none":
        return page.locator(".pointers .none")
    words = page.locator(".pointers .sentence span").nth(int(sentence))
    file = words.locator("xpath=ancestor::details")
    if file.get_attribute("open") is None:
        file.locator("summary").click()
    return words


def send(page: Page) -> None:
    """Press the button that answers."""
    page.locator(".submit").click()


def answer(page: Page, tapped: Tapped) -> None:
    """Answer the question shown and wait for its explanation."""
    choose(page, tapped)
    send(page)
    expect(outcome_on(page)).to_be_visible()


def press_next(page: Page) -> None:
    """Go on from an explanation."""
    page.locator(".next").click()


def settle(page: Page) -> None:
    """Wait until whatever the page was about to ask for has reached the server before us."""
    page.evaluate(
        """async () => {
          await new Promise(done => requestIdleCallback(done, { timeout: 1000 }));
          await fetch('/healthz', { signal: AbortSignal.timeout(10_000) });
        }"""
    )


def await_held(page: Page, held: Sequence[Route], count: int = 1) -> None:
    """Wait until a route holds so many requests: it hears of them after they are seen."""
    while len(held) < count:
        page.evaluate("0")  # lets Playwright tell what has happened


# In the database.


@contextmanager
def store(site: Site) -> Iterator[Session]:
    """A database session of the site's app."""
    with site.app.app_context():
        yield db.session()


def rows(site: Site, round_id: str) -> list[Row]:
    """The answers stored for a round, in the order they came in."""
    with store(site) as session:
        found = session.execute(
            select(Response, RoundItem.position, RoundItem.revision_id)
            .join(RoundItem, RoundItem.id == Response.item_id)
            .where(RoundItem.round_id == round_id)
            .order_by(Response.id)
        ).all()
        catalogue = catalogue_of(session)

        def pointed(response: Response, revision_id: int) -> str | None:
            if response.pointer in (None, "none"):
                return response.pointer
            revision = catalogue.revision(session, revision_id)
            words = catalogue.pointed(session, revision, response.pointer)
            return words and words[1]

        return [
            Row(position, r.look, r.verdict, Confidence(r.confidence), pointed(r, revision_id))
            for r, position, revision_id in found
        ]


def rounds_of(site: Site, player_id: int) -> int:
    """How many rounds a player has."""
    with store(site) as session:
        count = select(func.count()).select_from(Round).where(Round.player_id == player_id)
        return int(session.scalar(count) or 0)


def player_of(site: Site, round_id: str) -> int | None:
    """The id of the player of a round, None when the round is gone."""
    with store(site) as session:
        return session.scalar(select(Round.player_id).where(Round.id == round_id))


def asked(site: Site, round_id: str) -> list[Revision]:
    """The questions of a round, in order."""
    with store(site) as session:
        ids = session.scalars(
            select(RoundItem.revision_id)
            .where(RoundItem.round_id == round_id)
            .order_by(RoundItem.position)
        ).all()
        found = catalogue_of(session).revisions(session, ids)
        return [found[i] for i in ids]


def library(site: Site) -> dict[str, tuple[Revision, ...]]:
    """The questions of every set of the site's files that can be played, by the set's slug.

    Without the sets that trainers of other tests have published there.
    """
    files = {path.stem for path in (site.app.config["QUESTIONS"] / "sets").glob("*.yaml")}
    with store(site) as session:
        sets = catalogue_of(session).sets(session)
        return {
            stored.slug: stored.revisions
            for stored in sets
            if stored.slug in files and not stored.is_examples
        }


def one_of_each(site: Site) -> list[Revision]:
    """From every set, the first question of each verdict."""
    return [
        next(r for r in revisions if r.question.verdict is verdict)
        for revisions in library(site).values()
        for verdict in Verdict
    ]


# Shortcuts past what other tests play by hand.


def newcomer(site: Site) -> int:
    """The id of a new guest."""
    with store(site) as session:
        rng = random.Random(secrets.token_bytes(8))
        return players.new_guest(session, "en", datetime.now(UTC), rng).id


def learner_named(site: Site, name: str, passphrase: str) -> int:
    """The id of a new learner with a name and a passphrase."""
    with store(site) as session:
        return players.keep_record(session, None, name, passphrase, datetime.now(UTC)).id


def trainer_named(site: Site, name: str, passphrase: str) -> int:
    """The id of a new trainer with a name and a passphrase."""
    with store(site) as session:
        return trainers.add_trainer(session, name, passphrase, datetime.now(UTC)).id


def class_of(site: Site, trainer_id: int, members: Sequence[int] = ()) -> tuple[int, str]:
    """The id and the code of a new class with these players in it."""
    with store(site) as session:
        trainer, now = session.get_one(Player, trainer_id), datetime.now(UTC)
        made = classrooms.create_class(session, trainer, "4B, media studies", "365", now)
        assert made.code is not None
        for player_id in members:
            player = session.get_one(Player, player_id)
            rosters.join(session, made.code, player, now - timedelta(days=60))
        return made.id, made.code


def seat(page: Page, site: Site, player_id: int | None, **preferences: str) -> None:
    """Put the player's session cookie into the page's browser, with ui=, content= or theme=."""
    carried: dict[str, object] = {"_permanent": True, **preferences}
    if player_id is not None:
        with store(site) as session:
            player = session.get_one(Player, player_id)
            carried |= {"_user_id": f"{player.id}.{player.session_token}", "_fresh": True}
    value = _serializer(site).dumps(carried)
    page.context.add_cookies([{"name": "session", "value": value, "url": site.url}])


def speak(page: Page, site: Site, language: str) -> None:
    """Choose the interface's language, as the form at the foot of a page does, without loading."""
    session = [cookie for cookie in page.context.cookies() if cookie["name"] == "session"]
    carried = cookie_content(site, session[0]["value"]) if session else {"_permanent": True}
    value = _serializer(site).dumps(carried | {"ui": language})
    page.context.add_cookies([{"name": "session", "value": value, "url": site.url}])


def cookie_content(site: Site, value: str) -> dict[str, object]:
    """What a session cookie carries."""
    content: dict[str, object] = _serializer(site).loads(value)
    return content


def _serializer(site: Site) -> URLSafeTimedSerializer:
    serializer = SecureCookieSessionInterface().get_signing_serializer(site.app)
    assert serializer is not None
    return serializer


def deal(site: Site, player_id: int, revisions: Sequence[Revision], mode: Mode = Mode.QUICK) -> str:
    """Store a round of exactly these questions in this order; gives its id."""
    with store(site) as session:
        played = Round(
            id=secrets.token_urlsafe(16),
            player_id=player_id,
            set_slug=revisions[0].set_slug,
            mode=mode,
            size=len(revisions),
            start_key=secrets.token_urlsafe(16),
            started_at=datetime.now(UTC),
        )
        with writing(session):
            session.add(played)
            session.flush()
            session.add_all(
                RoundItem(round_id=played.id, position=n, revision_id=r.id)
                for n, r in enumerate(revisions, start=1)
            )
        return played.id


def finish(
    site: Site,
    round_id: str,
    tapped: Callable[[Revision], Tapped],
    now: datetime | None = None,
) -> None:
    """Answer all questions of a round without a browser, both looks alike."""
    questions = asked(site, round_id)
    with store(site) as session:
        player = session.scalars(select(Player).join(Round).where(Round.id == round_id)).one()
        caller = Caller(player.id, player.session_token)
        begun = (now or datetime.now(UTC)) - timedelta(minutes=len(questions))
        for position, revision in enumerate(questions, start=1):
            said = tapped(revision)
            shown = partial(solo.item_state, session, caller, round_id, position)
            at = begun + timedelta(minutes=position)
            solo.show(session, shown(), at)
            while (look := shown().awaited) is not None:
                key = secrets.token_urlsafe(16)
                submit = Submission(look, said.verdict, said.confidence, "none", key)
                solo.answer(session, caller, round_id, position, submit, at)


def long_ago() -> datetime:
    """A moment after which everything is due for practice again."""
    return datetime.now(UTC) - timedelta(days=400)


def right(revision: Revision) -> Tapped:
    """The right verdict, given as sure."""
    return Tapped(revision.question.verdict, Confidence.SURE)


def wrong(revision: Revision) -> Tapped:
    """A wrong verdict, given as fairly sure."""
    return Tapped(another(revision.question.verdict), Confidence.FAIRLY_SURE)


def another(verdict: Verdict) -> Verdict:
    """A verdict that is not this one."""
    return next(v for v in Verdict if v is not verdict)


def problem(site: Site, message: Message) -> str:
    """The English words for what is wrong with an input."""
    with site.app.test_request_context():
        return labels.words(message)


def flat(text: str) -> str:
    """The text with each run of white space as one space, as a page shows it."""
    return re.sub(r"\s+", " ", text).strip()
