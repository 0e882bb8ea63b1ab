"""Every page of the game in every state it can be in, for the tests of access and layout.

A state is a function that brings a page there, in whatever language and screen the page has.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from playwright.sync_api import Page, expect

from quiz.domain.answer import Mode
from quiz.domain.scoring import Confidence
from quiz.domain.verdict import Verdict
from quiz.services.library.catalogue import Revision
from tests.browser import playing, states_live
from tests.browser.conftest import Site
from tests.browser.playing import Tapped

State = Callable[[Page, Site], None]

STATES: dict[str, State] = dict(states_live.STATES)
REFUSED = frozenset(
    {"ask, nothing chosen", "second look, no sentence", "keep, name refused", "sign-in refused"}
    | {"class refused", "cards, sent twice", "join, wrong code"}
    | {"erase refused", "nothing here", "nothing here, in a round", "a form too old"}
    | {"join, no such code", "phone, nothing chosen", "new room refused"}
)
"""States behind an answer of 4xx, which a browser reports on its console."""

PLAIN = {
    "home": "/",
    "review, nobody": "/review/",
    "progress, nobody": "/progress/",
    "files": "/documents/",
    "file": "/documents/direct-call",
    "file with comments": "/documents/moscow-pillar",
    "rubric": "/guide/",
    "skills": "/guide/skills",
    "points": "/guide/points",
    "about": "/guide/about",
    "writing": "/guide/writing",
    "sign-in": "/account/sign-in",
    "keep": "/account/keep",
    "join": "/classes/join",
    "nothing here": "/nowhere",
}


def state(name: str) -> Callable[[State], State]:
    """Enter a state under its name."""

    def enter(bring: State) -> State:
        STATES[name] = bring
        return bring

    return enter


def _visit(address: str, page: Page, site: Site) -> None:
    page.goto(address)


STATES.update({name: partial(_visit, address) for name, address in PLAIN.items()})


def seated(page: Page, site: Site, player: int | None = None) -> int:
    """Seat a player, a new guest unless told otherwise, keeping the language of the page."""
    player = player or playing.newcomer(site)
    playing.seat(page, site, player)
    return player


def first_of(site: Site, slug: str = "five-files", size: int = 1) -> list[Revision]:
    return list(playing.library(site)[slug][:size])


def played(site: Site, player: int, slug: str, mode: Mode = Mode.QUICK, days: int = 0) -> str:
    """A finished round of five with some right answers; gives its id."""
    round_id = playing.deal(site, player, first_of(site, slug, 5), mode)
    when = datetime.now(UTC) - timedelta(days=days)
    taps = iter([playing.right, playing.wrong] * 3)
    playing.finish(site, round_id, lambda revision: next(taps)(revision), when)
    return round_id


@state("home in use")
def home_in_use(page: Page, site: Site) -> None:
    player = seated(page, site)
    played(site, player, "direct-call", days=30)
    playing.deal(site, player, first_of(site))
    page.goto("/")
    expect(page.locator(".resume")).to_have_count(2)


def open_question(page: Page, site: Site, mode: Mode = Mode.QUICK) -> Revision:
    """The first question of a new round."""
    player = seated(page, site)
    (revision,) = first_of(site)
    round_id = playing.deal(site, player, [revision, *first_of(site, size=3)[1:]], mode)
    page.goto(f"/rounds/{round_id}/1")
    return revision


@state("ask")
def ask(page: Page, site: Site) -> None:
    open_question(page, site)


@state("ask, chosen")
def ask_chosen(page: Page, site: Site) -> None:
    revision = open_question(page, site)
    playing.choose(page, playing.right(revision))


@state("ask, nothing chosen")
def ask_refused(page: Page, site: Site) -> None:
    open_question(page, site)
    playing.send(page)
    expect(page.locator(".error")).to_be_visible()


@state("ask, file open")
def ask_file_open(page: Page, site: Site) -> None:
    open_question(page, site)
    page.locator(".open-file a").click()
    page.locator("details.file summary").first.click()
    expect(page.locator("details.file .paper").first).to_be_visible()


@state("ask, answered in another tab")
def ask_already(page: Page, site: Site) -> None:
    revision = open_question(page, site)
    playing.answer(page, playing.right(revision))
    page.goto(f"{page.url}?already=1")


@state("explanation, right")
def explained_right(page: Page, site: Site) -> None:
    revision = open_question(page, site)
    playing.answer(page, playing.right(revision))


@state("explanation, wrong")
def explained_wrong(page: Page, site: Site) -> None:
    revision = open_question(page, site)
    playing.answer(page, playing.wrong(revision))


@state("first look")
def first_look(page: Page, site: Site) -> None:
    open_question(page, site, Mode.INVESTIGATION)


@state("second look")
def second_look(page: Page, site: Site) -> None:
    revision = open_question(page, site, Mode.INVESTIGATION)
    playing.choose(page, playing.wrong(revision))
    playing.send(page)
    expect(page.locator(".first-answer")).to_be_visible()


@state("second look, chosen")
def second_look_chosen(page: Page, site: Site) -> None:
    second_look(page, site)
    playing.choose(page, Tapped(Verdict.FALSE, Confidence.LEANING, 3))


@state("second look, no sentence")
def second_look_refused(page: Page, site: Site) -> None:
    second_look(page, site)
    playing.choose(page, Tapped(Verdict.FALSE, Confidence.LEANING))
    playing.send(page)
    expect(page.locator(".error")).to_be_visible()


@state("explanation of an investigation")
def explained_investigation(page: Page, site: Site) -> None:
    second_look(page, site)
    playing.answer(page, Tapped(Verdict.TRUE, Confidence.SURE, 3))


@state("summary")
def summary(page: Page, site: Site) -> None:
    player = seated(page, site)
    page.goto(f"/rounds/{played(site, player, 'direct-call')}/summary")


@state("summary of an investigation")
def summary_investigation(page: Page, site: Site) -> None:
    player = seated(page, site)
    played(site, player, "five-files", Mode.INVESTIGATION, days=2)
    round_id = played(site, player, "five-files", Mode.INVESTIGATION)
    page.goto(f"/rounds/{round_id}/summary")


@state("review")
def review(page: Page, site: Site) -> None:
    player = seated(page, site)
    everything = first_of(site, size=18) + first_of(site, "direct-call", 10)
    playing.finish(site, playing.deal(site, player, everything), playing.wrong)
    page.goto("/review/?result=wrong&page=2")
    expect(page.locator(".pager")).to_be_visible()


@state("review, nothing fits")
def review_nothing(page: Page, site: Site) -> None:
    player = seated(page, site)
    played(site, player, "direct-call")
    page.goto("/review/?set=direct-call&skill=no_such_skill")


@state("review of a question")
def review_question(page: Page, site: Site) -> None:
    player = seated(page, site)
    for days in (9, 5, 0):
        played(site, player, "five-files", Mode.INVESTIGATION, days)
    page.goto(f"/review/{first_of(site)[0].key}")
    expect(page.locator(".example")).to_have_count(2)


@state("file with quotes")
def file_with_quotes(page: Page, site: Site) -> None:
    player = seated(page, site)
    played(site, player, "direct-call")
    page.goto("/documents/direct-call")
    expect(page.locator("mark").first).to_be_visible()


@state("progress, a little")
def progress_little(page: Page, site: Site) -> None:
    player = seated(page, site)
    played(site, player, "direct-call")
    page.goto("/progress/")


@state("progress, much")
def progress_much(page: Page, site: Site) -> None:
    player = seated(page, site)
    played(site, player, "direct-call", Mode.INVESTIGATION, days=3)
    for days, (_, revisions) in enumerate(playing.library(site).items(), start=10):
        taps = iter([playing.right, playing.right, playing.wrong] * 9)
        round_id = playing.deal(site, player, revisions)
        when = datetime.now(UTC) - timedelta(days=days)
        playing.finish(site, round_id, lambda r, taps=taps: next(taps)(r), when)
    page.goto("/progress/")
    expect(page.locator(".plot")).to_have_count(2)


@state("account of a guest")
def account_guest(page: Page, site: Site) -> None:
    seated(page, site)
    page.goto("/account/")


@state("account with a name")
def account_named(page: Page, site: Site) -> None:
    name = f"Ada {secrets.token_hex(6)}"
    seated(page, site, playing.learner_named(site, name, "three small words"))
    page.goto("/account/")


@state("account just kept")
def account_kept(page: Page, site: Site) -> None:
    seated(page, site)
    page.goto("/account/keep")
    page.locator("input[name=name]").fill(f"Ada {secrets.token_hex(6)}")
    page.locator("input[name=passphrase]").fill("three small words")
    page.locator("main .button.primary").click()
    expect(page.locator(".notice-good")).to_be_visible()


@state("erase refused")
def erase_refused(page: Page, site: Site) -> None:
    account_guest(page, site)
    page.locator(".button.danger").click()
    expect(page.locator(".error")).to_be_visible()


@state("keep, name refused")
def keep_refused(page: Page, site: Site) -> None:
    page.goto("/account/keep")
    page.locator("input[name=name]").fill("<b>ad</b>")
    page.locator("input[name=passphrase]").fill("three small words")
    page.locator("main .button.primary").click()
    expect(page.locator(".error")).to_be_visible()


@state("sign-in of a guest")
def sign_in_guest(page: Page, site: Site) -> None:
    seated(page, site)
    page.goto("/account/sign-in")
    expect(page.locator("input[name=bring]")).to_be_visible()


@state("sign-in refused")
def sign_in_refused(page: Page, site: Site) -> None:
    page.goto("/account/sign-in")
    page.locator("input[name=name]").fill(f"Nobody {secrets.token_hex(6)}")
    page.locator("input[name=passphrase]").fill("three small words")
    page.locator("main .button.primary").click()
    expect(page.locator(".error")).to_be_visible()


@state("nothing here, in a round")
def nothing_in_a_round(page: Page, site: Site) -> None:
    """What a swap shows when the round has gone away under the page."""
    revision = open_question(page, site)
    playing.choose(page, playing.right(revision))
    playing.seat(page, site, playing.newcomer(site))
    playing.send(page)
    expect(page.locator(".error-page")).to_be_visible()


@state("a form too old")
def form_too_old(page: Page, site: Site) -> None:
    page.goto("/account/keep")
    page.context.clear_cookies()
    page.locator("input[name=name]").fill("Ada")
    page.locator("input[name=passphrase]").fill("three small words")
    page.locator("main .button.primary").click()
    expect(page.locator(".error-page")).to_be_visible()


def teaching(page: Page, site: Site, members: Sequence[int] = ()) -> tuple[int, str]:
    """Seat a new trainer; gives the id and the code of a class with these players."""
    trainer = playing.trainer_named(site, f"Ames {secrets.token_hex(6)}", "three small words")
    seated(page, site, trainer)
    return playing.class_of(site, trainer, members)


def make_cards(page: Page, site: Site, count: int) -> int:
    """Have cards made for a new class; gives its id."""
    class_id, _ = teaching(page, site)
    page.goto(f"/classes/{class_id}")
    page.locator("input[name=count]").fill(str(count))
    page.get_by_role("button").filter(has=page.locator("use[href*=printer]")).click()
    expect(page.locator(".signin-card")).to_have_count(count)
    return class_id


@state("classes, none yet")
def classes_none(page: Page, site: Site) -> None:
    trainer = playing.trainer_named(site, f"Ames {secrets.token_hex(6)}", "three small words")
    seated(page, site, trainer)
    page.goto("/classes/")


@state("classes")
def classes_some(page: Page, site: Site) -> None:
    teaching(page, site)
    page.goto("/classes/")
    expect(page.locator(".class-card")).to_have_count(1)


@state("class, empty and closed")
def class_empty(page: Page, site: Site) -> None:
    class_id, _ = teaching(page, site)
    page.goto(f"/classes/{class_id}")
    page.locator("form[action$='/close'] button").click()
    expect(page.locator(".qr")).to_have_count(0)


@state("class")
def class_full(page: Page, site: Site) -> None:
    guests = [playing.newcomer(site) for _ in range(4)]
    learner = playing.learner_named(site, f"Ada {secrets.token_hex(6)}", "three small words")
    class_id, _ = teaching(page, site, [*guests, learner])
    played(site, learner, "direct-call")
    page.goto(f"/classes/{class_id}")
    page.locator("input[name=count]").fill("3")
    page.locator("form[action$='/cards'] button").click()
    expect(page.locator(".signin-card")).to_have_count(3)
    page.goto(f"/classes/{class_id}")
    expect(page.locator(".roster tbody tr")).to_have_count(8)


@state("class refused")
def class_refused(page: Page, site: Site) -> None:
    class_id, _ = teaching(page, site)
    page.goto(f"/classes/{class_id}")
    page.locator("form[action$='/delete'] button").click()
    expect(page.locator(".error")).to_be_visible()


@state("cards")
def cards(page: Page, site: Site) -> None:
    make_cards(page, site, 12)


@state("cards, sent twice")
def cards_twice(page: Page, site: Site) -> None:
    class_id, _ = teaching(page, site)
    page.goto(f"/classes/{class_id}")
    key = page.locator("input[name=key]").input_value()
    page.locator("input[name=count]").fill("2")
    page.locator("form[action$='/cards'] button").click()
    expect(page.locator(".signin-card")).to_have_count(2)
    page.goto(f"/classes/{class_id}")
    page.locator("input[name=key]").evaluate("(field, key) => { field.value = key }", key)
    page.locator("input[name=count]").fill("2")
    page.locator("form[action$='/cards'] button").click()
    expect(page.locator(".error")).to_be_visible()


@state("member with a card")
def member_issued(page: Page, site: Site) -> None:
    class_id = make_cards(page, site, 1)
    page.goto(f"/classes/{class_id}")
    page.locator(".roster a").click()
    expect(page.locator("form[action$='/passphrase']")).to_be_visible()


@state("member with a record of their own")
def member_own(page: Page, site: Site) -> None:
    class_id, _ = teaching(page, site, [playing.newcomer(site)])
    page.goto(f"/classes/{class_id}")
    page.locator(".roster a").click()
    expect(page.locator("form[action$='/erase']")).to_be_visible()


@state("report, nobody")
def report_nobody(page: Page, site: Site) -> None:
    class_id, _ = teaching(page, site)
    page.goto(f"/classes/{class_id}/report")


@state("report")
def report(page: Page, site: Site) -> None:
    players = [playing.newcomer(site) for _ in range(5)]
    class_id, _ = teaching(page, site, players)
    for player in players:
        for slug in ("direct-call", "moscow-pillar", "five-files"):
            played(site, player, slug)
    page.goto(f"/classes/{class_id}/report")
    expect(page.locator(".plot")).to_be_visible()


def at_the_door(page: Page, site: Site, player: int | None) -> None:
    """Open the link that joins a new class, as a player or as somebody without a record."""
    trainer = playing.trainer_named(site, f"Ames {secrets.token_hex(6)}", "three small words")
    _, code = playing.class_of(site, trainer)
    if player is not None:
        seated(page, site, player)
    page.goto(f"/classes/join/{code}")


@state("joining, nobody")
def joining_nobody(page: Page, site: Site) -> None:
    at_the_door(page, site, None)


@state("joining as a guest")
def joining_guest(page: Page, site: Site) -> None:
    at_the_door(page, site, playing.newcomer(site))


@state("joined, to note down")
def joined_newcomer(page: Page, site: Site) -> None:
    at_the_door(page, site, None)
    page.locator("main .button.primary").click()
    expect(page.locator(".signin-card")).to_be_visible()


@state("account in a class")
def account_in_a_class(page: Page, site: Site) -> None:
    at_the_door(page, site, playing.newcomer(site))
    page.locator("main .button.primary").click()
    expect(page.locator("form[action$='/leave']")).to_be_visible()


@state("join, wrong code")
def join_refused(page: Page, site: Site) -> None:
    page.goto("/classes/join")
    page.locator("input[name=code]").fill("zzzzzz")
    page.locator("main .button.primary").click()
    expect(page.locator(".error")).to_be_visible()
