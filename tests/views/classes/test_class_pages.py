"""Classes in the browser: set-up, joining, cards, the trainer's pages."""

from __future__ import annotations

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING
from urllib.parse import parse_qs
from xml.etree.ElementTree import Element

import openpyxl
import pytest
from limits import parse
from sqlalchemy import func, select

from quiz.__main__ import offer_setup
from quiz.models import Classroom, Membership, Player
from quiz.web.rate_limits import CodeTries
from tests.factories import (
    PASSPHRASE,
    create_answers,
    create_class,
    create_learner,
    create_member,
    create_player,
    create_round,
)
from tests.views.pages import Visitor, form_to, tree, words
from tests.views.test_query_counts import statements

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

KEY = {"passphrase": PASSPHRASE}


@pytest.fixture
def classroom(session: Session, trainer: Visitor) -> Classroom:
    """The trainer's class."""
    assert trainer.player
    return create_class(session, trainer.player)


def count(session: Session, table: type[Player | Membership | Classroom]) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(table)) or 0


def cards_on(page: Element) -> list[tuple[str, str]]:
    """Names and passphrases of the cards on a page."""
    found = [e for e in page.iter("li") if e.get("class") == "signin-card"]
    told = [[words(dd) for dd in card.iter("dd")] for card in found]
    return [(name, passphrase) for name, passphrase, _address in told]


# The first trainer


@pytest.fixture
def link(app: Flask, capsys: pytest.CaptureFixture[str]) -> str:
    """The set-up link's path, as the start of the game prints it."""
    offer_setup(app, "127.0.0.1", 8000)
    return capsys.readouterr().out.split("http://127.0.0.1:8000")[1].strip()


def test_the_set_up_link_makes_the_first_trainer_once(
    session: Session, link: str, nobody: Visitor, guest: Visitor
) -> None:
    form = form_to(nobody.read(link), "")
    made = nobody.post(link, **form.fields | {"name": "Ms Ames"} | KEY)

    assert (made.status_code, made.location) == (303, "/classes/")
    assert words(nobody.read("/classes/")).count("Your classes") >= 1
    for visitor in (nobody, guest):
        assert visitor.get(link).status_code == 404
        assert visitor.post(link, name="Second", **KEY).status_code == 404
    assert count(session, Player) == 2


def test_a_wrong_link_is_nothing_and_none_is_offered_once_there_is_a_trainer(
    app: Flask, link: str, nobody: Visitor, capsys: pytest.CaptureFixture[str]
) -> None:
    for wrong in (link[:-1], link + "x", "/setup/é", "/setup/None"):
        assert nobody.get(wrong).status_code == 404
        assert nobody.post(wrong, name="Eve", **KEY).status_code == 404

    assert nobody.post(link, name="Ms Ames", **KEY).status_code == 303
    offer_setup(app, "127.0.0.1", 8000)
    assert capsys.readouterr().out == ""


def test_without_a_printed_link_there_is_none(nobody: Visitor) -> None:
    for token in ("None", "", "x"):
        assert nobody.get(f"/setup/{token}").status_code == 404


def test_a_bad_name_is_told_and_the_link_lives_on(link: str, nobody: Visitor) -> None:
    refused = nobody.post(link, name="A", **KEY)

    assert refused.status_code == 422
    assert "A name has 2 to 40 characters." in refused.text
    assert nobody.post(link, name="Ann", **KEY).status_code == 303


def test_two_people_on_the_link_at_once_make_one_trainer(
    app: Flask, session: Session, link: str
) -> None:
    barrier = Barrier(4)

    def post(n: int) -> int:
        visitor = Visitor(app.test_client(), None)
        barrier.wait(30)
        return visitor.post(link, name=f"Trainer {n}", **KEY).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(post, range(4))) == [303, 404, 404, 404]
    assert count(session, Player) == 1


def test_a_trainer_signs_in_to_the_classes(trainer: Visitor, nobody: Visitor) -> None:
    signed_in = nobody.post("/account/sign-in", name="Teacher", **KEY)

    assert (signed_in.status_code, signed_in.location) == (303, "/classes/")
    assert "Your classes as a trainer" in nobody.get("/account/").text


# Classes


def test_a_class_is_made_opened_and_closed(session: Session, trainer: Visitor) -> None:
    made = trainer.send(form_to(trainer.read("/classes/"), "/classes/"), name="4B")
    assert made.status_code == 303

    page = trainer.read(made.location)
    first = session.scalars(select(Classroom.code)).one()
    assert str(first) in words(page)
    trainer.send(form_to(page, "/code"))
    trainer.send(form_to(page, "/close"))
    closed = trainer.read(made.location)
    assert "Nobody can join by themselves now." in words(closed)
    session.rollback()
    assert session.scalars(select(Classroom.code)).one() is None
    trainer.send(form_to(closed, "/code"))
    session.rollback()
    assert session.scalars(select(Classroom.code)).one() not in (None, first)


def test_what_is_wrong_with_a_class_is_told_beside_it(
    trainer: Visitor, classroom: Classroom
) -> None:
    refused = trainer.post("/classes/", name="4b", retention="365")
    assert refused.status_code == 422
    assert "You have a class of this name already." in refused.text
    refused = trainer.post(f"/classes/{classroom.id}/settings", name="", retention="365")
    assert "The name of a class has 1 to 60 characters." in refused.text


@pytest.mark.parametrize("what", ["clear", "delete"])
def test_emptying_and_deleting_need_the_box(
    session: Session, trainer: Visitor, classroom: Classroom, what: str
) -> None:
    create_member(session, classroom, create_player(session))
    address = f"/classes/{classroom.id}/{what}"
    assert trainer.post(address).status_code == 422
    assert count(session, Membership) == 1

    assert trainer.post(address, sure="1").status_code == 303
    assert count(session, Membership) == 0
    assert count(session, Classroom) == (1 if what == "clear" else 0)


# Joining


def test_a_learner_joins_with_the_code_and_leaves(
    session: Session, classroom: Classroom, pupil: Visitor
) -> None:
    typed = (classroom.code or "").lower()
    sent = pupil.send(
        form_to(pupil.read("/classes/join"), "/join"), code=f" {typed[:3]}-{typed[3:]}"
    )
    page = pupil.read(sent.location)
    assert "You join as Pupil." in words(page)
    assert count(session, Membership) == 0

    joined = pupil.send(form_to(page, sent.location))
    account = pupil.read(joined.location)
    assert "4B" in words(account)
    assert "You are in this class already." in words(pupil.read(sent.location))

    left = pupil.send(form_to(account, "/leave"))
    assert left.status_code == 303
    assert count(session, Membership) == 0


def test_a_guest_joins_as_a_guest_and_is_told_to_keep_the_record(
    session: Session, classroom: Classroom, guest: Visitor
) -> None:
    page = guest.read(f"/classes/join/{classroom.code}")
    assert "Keep it with a name" in words(page)

    assert guest.send(form_to(page, str(classroom.code))).status_code == 303
    assert guest.player
    assert session.scalars(select(Membership.player_id)).one() == guest.player.id


def test_somebody_without_a_record_gets_one_to_note_down(
    session: Session, classroom: Classroom, nobody: Visitor, app: Flask
) -> None:
    page = nobody.read(f"/classes/join/{classroom.code}")
    form = form_to(page, str(classroom.code))
    joined = nobody.send(form)

    ((name, passphrase),) = cards_on(tree(joined.text))
    assert joined.headers["Cache-Control"] == "no-store"
    assert name in words(nobody.read("/account/"))
    other = Visitor(app.test_client(), None)
    assert other.post("/account/sign-in", name=name, passphrase=passphrase).status_code == 303
    again = Visitor(app.test_client(), None).post(form.action, **form.fields)
    assert again.status_code == 422
    assert "This form was sent twice" in again.text
    assert count(session, Membership) == 1


@pytest.mark.parametrize("code", ["ZZZZZZ", "zz", "", "x" * 300])
def test_a_wrong_code_joins_nothing(classroom: Classroom, pupil: Visitor, code: str) -> None:
    refused = pupil.post("/classes/join", code=code)

    assert refused.status_code == 422
    assert "No class can be joined with this code." in refused.text
    if code:
        assert pupil.get(f"/classes/join/{code}").status_code == 422
        assert pupil.post(f"/classes/join/{code}").status_code == 422


def test_wrong_codes_are_limited_per_player_and_right_ones_do_not_count(
    classroom: Classroom, pupil: Visitor, outsider: Visitor
) -> None:
    for _ in range(30):
        assert pupil.post("/classes/join", code=classroom.code).status_code == 303
    statuses = [pupil.post("/classes/join", code="ZZZZZZ").status_code for _ in range(12)]

    assert statuses == [422] * 10 + [429] * 2
    assert pupil.get(f"/classes/join/{classroom.code}").status_code == 429
    assert outsider.get(f"/classes/join/{classroom.code}").status_code == 200


def test_wrong_codes_are_limited_per_address(
    classroom: Classroom, nobody: Visitor, pupil: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CodeTries, "per_address", parse("5/15minutes"))

    statuses = [nobody.get(f"/classes/join/ZZZZZ{n}").status_code for n in range(7)]

    assert statuses == [422] * 5 + [429] * 2
    assert pupil.post("/classes/join", code=classroom.code).status_code == 429


# Cards


def test_cards_are_printed_once(
    session: Session, app: Flask, trainer: Visitor, classroom: Classroom
) -> None:
    form = form_to(trainer.read(f"/classes/{classroom.id}"), "/cards")
    made = trainer.send(form, count="3")
    again = trainer.send(form, count="3")

    assert made.headers["Cache-Control"] == "no-store"
    told = cards_on(tree(made.text))
    assert len(told) == 3
    for name, passphrase in told:
        learner = Visitor(app.test_client(), None)
        assert learner.post("/account/sign-in", name=name, passphrase=passphrase).location == "/"
    assert again.status_code == 422
    assert "This form was sent twice" in again.text
    assert not any(passphrase in again.text for _, passphrase in told)
    assert count(session, Membership) == 3


def test_a_card_leads_to_the_sign_in_form_with_its_words_behind_the_hash(
    app: Flask, trainer: Visitor, classroom: Classroom
) -> None:
    seen: list[str] = []
    real = app.jinja_env.filters["qr"]
    app.jinja_env.filters["qr"] = lambda text: seen.append(text) or real(text)

    form = form_to(trainer.read(f"/classes/{classroom.id}"), "/cards")
    ((name, passphrase),) = cards_on(tree(trainer.send(form, count="1").text))

    address, fragment = seen[-1].split("#")
    assert address == "http://localhost/account/sign-in"
    assert parse_qs(fragment, strict_parsing=True) == {"name": [name], "passphrase": [passphrase]}


def test_a_lost_card_is_replaced(
    session: Session, trainer: Visitor, classroom: Classroom, nobody: Visitor
) -> None:
    card = create_learner(session, "Calm Otter 7")
    member = create_member(session, classroom, card, is_issued=True, label="Ann")

    page = trainer.read(f"/classes/{classroom.id}/members/{member.id}")
    ((name, passphrase),) = cards_on(tree(trainer.send(form_to(page, "/passphrase")).text))

    assert name == "Calm Otter 7"
    assert nobody.post("/account/sign-in", name=name, **KEY).status_code == 422
    assert nobody.post("/account/sign-in", name=name, passphrase=passphrase).status_code == 303


def test_of_an_account_of_their_own_the_passphrase_stays(
    session: Session, trainer: Visitor, classroom: Classroom, pupil: Visitor
) -> None:
    assert pupil.player
    member = create_member(session, classroom, pupil.player)
    page = f"/classes/{classroom.id}/members/{member.id}"

    assert "New passphrase" not in trainer.get(page).text
    assert trainer.post(f"{page}/passphrase").status_code == 404


# Members and exports


def test_a_member_is_renamed_taken_out_and_erased(
    session: Session, trainer: Visitor, classroom: Classroom
) -> None:
    for name in ("Ann", "Bob"):
        create_member(session, classroom, create_learner(session, name), is_issued=True)
    ann, bob = session.scalars(select(Membership.id).order_by(Membership.id)).all()
    place = f"/classes/{classroom.id}/members"

    assert trainer.post(f"{place}/{ann}/label", label="Zoé").status_code == 303
    assert "Zoé" in words(trainer.read(f"/classes/{classroom.id}"))
    assert trainer.post(f"{place}/{ann}/remove").status_code == 303
    assert trainer.post(f"{place}/{bob}/erase").status_code == 422
    assert trainer.post(f"{place}/{bob}/erase", sure="1").status_code == 303

    assert count(session, Membership) == 0
    assert set(session.scalars(select(Player.name))) == {"Teacher", "Ann"}


def test_the_class_is_taken_along_as_csv_and_as_a_workbook(
    session: Session, trainer: Visitor, classroom: Classroom, pupil: Visitor
) -> None:
    assert pupil.player
    create_member(session, classroom, pupil.player, label="=HYPERLINK(1)")
    create_answers(session, create_round(session, pupil.player))
    place = f"/classes/{classroom.id}/export"

    got = trainer.get(f"{place}/answers.csv")
    rows = list(csv.DictReader(io.StringIO(got.get_data().decode("utf-8-sig"))))
    assert [row["learner"] for row in rows] == ["'=HYPERLINK(1)"] * 3
    assert "attachment" in got.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(trainer.get(f"{place}/class.xlsx").get_data()))
    assert [sheet.title for sheet in book] == ["learners", "answers"]
    assert book["learners"]["A2"].value == "=HYPERLINK(1)"
    assert book["learners"]["A2"].data_type == "s"
    assert trainer.get(f"{place}/other.csv").status_code == 404


def test_no_page_of_a_class_costs_more_for_a_large_class(
    app: Flask, session: Session, trainer: Visitor, classroom: Classroom
) -> None:
    def costs() -> list[int]:
        paths = ("", "/report", "/export/answers.csv", "/export/class.xlsx")
        return [len(statements(app, trainer, f"/classes/{classroom.id}{p}")) for p in paths]

    def grow(members: int) -> None:
        for _ in range(members):
            player = create_player(session)
            create_member(session, classroom, player)
            create_answers(session, create_round(session, player))

    grow(1)
    few = costs()
    grow(12)

    assert costs() == few
    assert max(few) <= 4  # player, class, members, answers
