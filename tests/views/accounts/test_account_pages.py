"""Keeping a record, signing in and out, taking the data away, erasing it: in the browser."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Lock
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from limits import parse
from sqlalchemy import func, select

from quiz.models import Player, Response, Round
from quiz.services.accounts import players
from quiz.web.rate_limits import SignInTries
from tests import factories
from tests.factories import NOW, PASSPHRASE, create_answers, create_round, everything
from tests.views.pages import Visitor, form_to, forms, place, tree, without_noise, words

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

KEY = {"passphrase": PASSPHRASE}


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every passphrase that reaches the hasher to be verified."""
    seen: list[str] = []
    real, lock = players._hasher, Lock()

    class Counting:
        def verify(self, stored: str, passphrase: str) -> bool:
            with lock:
                seen.append(passphrase)
            return real.verify(stored, passphrase)

        def hash(self, passphrase: str) -> str:
            return real.hash(passphrase)

    monkeypatch.setattr(players, "_hasher", Counting())
    return seen


def cookie_of(visitor: Visitor) -> dict[str, Any]:
    """What the session cookie holds."""
    with visitor.client.session_transaction() as cookie:
        return dict(cookie)


# Keeping


def test_a_guest_keeps_the_record_and_plays_on(session: Session, guest: Visitor) -> None:
    assert guest.player
    played = create_round(session, guest.player)
    guest.answer(played, 1)

    form = form_to(guest.read("/account/keep"), "/account/keep")
    kept = guest.send(form, name="Zoé", passphrase=PASSPHRASE)

    assert (kept.status_code, kept.location) == (303, "/account/")
    assert "Zoé" in words(guest.read("/account/"))
    assert guest.answer(played, 2).status_code == 303
    assert session.scalar(select(func.count(Player.id))) == 1


def test_a_taken_name_is_told_and_stays_in_the_form(guest: Visitor, pupil: Visitor) -> None:
    taken = guest.post("/account/keep", name="pupil", **KEY)

    assert taken.status_code == 422
    assert "Somebody has this name already" in taken.text
    assert 'value="pupil"' in taken.text


# Signing in


def test_signing_in_opens_the_kept_record(
    session: Session, pupil: Visitor, nobody: Visitor
) -> None:
    assert pupil.player
    create_answers(session, create_round(session, pupil.player, keys=["harbour/h-fir"]))

    form = form_to(nobody.read("/account/sign-in"), "/account/sign-in")
    signed_in = nobody.send(form, name="PUPIL ", passphrase=PASSPHRASE)

    assert (signed_in.status_code, signed_in.location) == (303, "/")
    assert nobody.get("/review/harbour/h-fir").status_code == 200


@pytest.mark.parametrize("how", ["sign-in", "keep"])
def test_the_session_is_renewed_at_the_door(nobody: Visitor, pupil: Visitor, how: str) -> None:
    nobody.get("/")
    with nobody.client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
        cookie["ui"] = "en"
    before = cookie_of(nobody)
    raw = nobody.client.get_cookie("session")

    nobody.post(f"/account/{how}", name="Pupil" if how == "sign-in" else "New", **KEY)
    nobody.get("/")

    after = cookie_of(nobody)
    assert "planted" not in after
    assert after["ui"] == "en"
    assert before["csrf_token"] != after["csrf_token"]
    assert raw is not None
    assert raw.value != nobody.client.get_cookie("session").value  # type: ignore[union-attr]


def test_a_guests_cookie_is_worthless_once_the_record_is_kept(app: Flask, guest: Visitor) -> None:
    stolen = Visitor(app.test_client(), guest.player)

    guest.post("/account/keep", name="Zoé", **KEY)

    assert stolen.get("/account/export").status_code == 404


def test_unknown_and_wrong_get_the_same_answer(
    nobody: Visitor, pupil: Visitor, hashed: list[str]
) -> None:
    nobody.get("/")  # has a cookie already
    wrong = nobody.post("/account/sign-in", name="Pupil", passphrase="not this one")
    unknown = nobody.post("/account/sign-in", name="Pypil", passphrase="not this one")

    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert without_noise(wrong.text) == without_noise(unknown.text).replace("Pypil", "Pupil")
    assert dict(wrong.headers).keys() == dict(unknown.headers).keys()
    assert len(hashed) == 2


def in_parallel(app: Flask, times: int, act: Callable[[Visitor, int], int]) -> list[int]:
    """What `act` gives for as many browsers at once."""
    barrier = Barrier(times)

    def one(n: int) -> int:
        visitor = Visitor(app.test_client(), None)
        barrier.wait(60)
        return act(visitor, n)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


@pytest.mark.parametrize("name", ["Pupil", "Nobody here"])
def test_of_two_hundred_sign_ins_at_once_ten_reach_the_hasher(
    app: Flask, pupil: Visitor, hashed: list[str], name: str
) -> None:
    def attempt(visitor: Visitor, n: int) -> int:
        guess = f"guess number {n}"
        return visitor.post("/account/sign-in", name=name, passphrase=guess).status_code

    statuses = in_parallel(app, 200, attempt)

    assert len(hashed) == 10
    assert sorted(statuses) == [422] * 10 + [429] * 190


def test_past_the_limit_even_the_right_passphrase_waits(nobody: Visitor, pupil: Visitor) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(10):
            nobody.post("/account/sign-in", name="Pupil", passphrase="not this one")
        refused = nobody.post("/account/sign-in", name="Pupil", **KEY)
        clock.shift(timedelta(minutes=15, seconds=1))
        later = nobody.post("/account/sign-in", name="Pupil", **KEY)

    assert (refused.status_code, later.status_code) == (429, 303)
    assert "Too many tries" in refused.text


def test_one_name_at_its_limit_does_not_shut_out_the_others(
    nobody: Visitor, pupil: Visitor, outsider: Visitor
) -> None:
    for _ in range(12):
        nobody.post("/account/sign-in", name="Pupil", passphrase="not this one")

    assert nobody.post("/account/sign-in", name="Outsider", **KEY).status_code == 303


def test_a_success_forgets_the_failures_before_it(nobody: Visitor, pupil: Visitor) -> None:
    for _ in range(3):
        for _ in range(9):
            nobody.post("/account/sign-in", name="Pupil", passphrase="not this one")
        assert nobody.post("/account/sign-in", name="Pupil", **KEY).status_code == 303


@pytest.mark.parametrize(
    "spelling",
    ["ann lee", "ANN LEE", "  Ann Lee", "Ann  Lee", "Ann \u2003 Lee", "Ａnn Lee", "Ann\tLee"],
)
def test_every_spelling_that_opens_a_record_counts_as_one_name(
    session: Session, nobody: Visitor, hashed: list[str], spelling: str
) -> None:
    factories.create_learner(session, "Ann Lee")
    for _ in range(10):
        nobody.post("/account/sign-in", name="Ann Lee", passphrase="not this one")

    another = nobody.post("/account/sign-in", name=spelling, passphrase="not this one")

    assert another.status_code == 429
    assert len(hashed) == 10


def test_one_address_has_room_for_a_school() -> None:
    assert SignInTries.per_address.amount == 300


def test_one_address_has_no_room_for_a_dictionary(
    nobody: Visitor, hashed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SignInTries, "per_address", parse("15/15minutes"))

    statuses = [
        nobody.post("/account/sign-in", name=f"name {n}", passphrase="not this one").status_code
        for n in range(18)
    ]

    assert statuses == [422] * 15 + [429] * 3
    assert len(hashed) == 15


def test_changing_the_passphrase_has_the_same_limit(pupil: Visitor, hashed: list[str]) -> None:
    new = "another three words"
    statuses = [
        pupil.post("/account/passphrase", old="not this one", passphrase=new).status_code
        for _ in range(12)
    ]

    assert statuses == [422] * 10 + [429] * 2
    assert len(hashed) == 10


def test_a_guests_rounds_come_along_if_wanted(
    session: Session, guest: Visitor, pupil: Visitor
) -> None:
    assert guest.player
    played = create_round(session, guest.player)
    guest.answer(played, 1)
    page = guest.read("/account/sign-in")
    assert guest.player.pseudonym in words(page)

    guest.send(form_to(page, "/account/sign-in"), name="Pupil", passphrase=PASSPHRASE, bring="1")

    assert guest.answer(played, 2).status_code == 303
    assert pupil.get("/review/harbour/h-ash").status_code == 200
    assert session.scalar(select(func.count(Player.id))) == 1


def test_and_stay_if_not(session: Session, guest: Visitor, pupil: Visitor) -> None:
    assert guest.player
    played = create_round(session, guest.player)

    guest.post("/account/sign-in", name="Pupil", **KEY)

    assert guest.get(f"/rounds/{played.id}").status_code == 404
    assert session.get_one(Round, played.id).player_id == guest.player.id


def test_a_wrong_passphrase_brings_nothing_along(
    session: Session, guest: Visitor, pupil: Visitor
) -> None:
    assert guest.player
    create_round(session, guest.player)
    before = everything(session)

    guest.post("/account/sign-in", name="Pupil", passphrase="not this one", bring="1")

    assert everything(session) == before


# Changing, leaving


def test_a_new_passphrase_ends_the_other_browsers_and_not_this_one(
    app: Flask, pupil: Visitor
) -> None:
    other = Visitor(app.test_client(), pupil.player)

    changed = pupil.post("/account/passphrase", old=PASSPHRASE, passphrase="another three words")

    assert changed.status_code == 303
    assert pupil.get("/account/export").status_code == 200
    assert other.get("/account/export").status_code == 404


def test_signing_out_ends_this_browser_only(app: Flask, pupil: Visitor) -> None:
    other = Visitor(app.test_client(), pupil.player)

    assert pupil.post("/account/sign-out").status_code == 303

    assert pupil.get("/account/export").status_code == 404
    assert other.get("/account/export").status_code == 200


def test_an_old_cookie_replayed_after_signing_out_everywhere_is_nobodys(
    app: Flask, pupil: Visitor
) -> None:
    pupil.get("/")
    old = pupil.client.get_cookie("session")
    assert old is not None

    pupil.post("/account/sign-out", everywhere="1")
    replay = app.test_client()
    replay.set_cookie("session", old.value)

    assert replay.get("/account/export").status_code == 404


def test_a_guest_who_plays_on_keeps_the_record_for_thirty_days_after_the_last_round(
    app: Flask, questions: Path
) -> None:
    visitor = Visitor(app.test_client(), None)
    fields = {"set": "harbour", "mode": "quick", "size": "5"}
    with time_machine.travel(NOW, tick=False) as clock:
        visitor.post("/rounds", **fields)
        clock.shift(timedelta(days=25))
        visitor.post("/rounds", **fields)
        clock.shift(timedelta(days=10))

        assert visitor.get("/account/export").status_code == 200


# One's own data


def test_the_export_is_a_file_of_ones_own(session: Session, pupil: Visitor) -> None:
    assert pupil.player
    create_answers(session, create_round(session, pupil.player))

    response = pupil.get("/account/export")

    assert response.mimetype == "application/json"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert len(response.get_json()["answers"]) == 3


def test_erasing_wants_the_box_ticked(session: Session, pupil: Visitor) -> None:
    assert pupil.player
    create_answers(session, create_round(session, pupil.player))

    refused = pupil.post("/account/erase")
    assert (refused.status_code, session.scalar(select(func.count(Response.id)))) == (422, 3)
    form = form_to(tree(refused.text), "/account/erase")
    session.rollback()

    assert pupil.send(form, sure="1").status_code == 303
    assert session.scalar(select(func.count(Player.id))) == 0
    assert session.scalar(select(func.count(Response.id))) == 0
    assert pupil.get("/account/export").status_code == 404
    assert [form.action for form in forms(pupil.read("/"))][-1] == "/preferences"


def test_erasing_leaves_the_others_whole(
    session: Session, pupil: Visitor, outsider: Visitor
) -> None:
    assert outsider.player
    played = create_round(session, outsider.player)
    outsider.answer(played, 1)

    pupil.post("/account/erase", sure="1")

    assert outsider.get(place(played, 1)).status_code == 200
    assert len(outsider.get("/account/export").get_json()["answers"]) == 1


def test_what_is_wrong_is_said_in_the_readers_language(nobody: Visitor) -> None:
    form = {"name": "A", "passphrase": PASSPHRASE}
    for language, said in {
        "en": "A name has 2 to 40 characters.",
        "fr": "Un nom compte de 2 à 40 caractères.",
    }.items():
        answer = nobody.open(
            "/account/keep", method="POST", data=form, headers={"Accept-Language": language}
        )
        assert answer.status_code == 422
        assert said in answer.text
