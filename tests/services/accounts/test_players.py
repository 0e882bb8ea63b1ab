"""Keeping, opening, moving and erasing a record."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import TYPE_CHECKING, Any

import argon2
import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from quiz.domain.answer import Mode
from quiz.domain.errors import BadInput
from quiz.models import Player, Response, Round
from quiz.services.accounts import players
from quiz.services.library.history import history
from quiz.services.play import own_record
from quiz.storage.db import db
from tests.factories import (
    NOW,
    PASSPHRASE,
    create_answers,
    create_learner,
    create_player,
    create_round,
    everything,
    finish,
    rng,
)

if TYPE_CHECKING:
    from flask import Flask

HASHER = players._hasher
"""The game's own; the tests replace it by a cheap one."""


# Guests


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_guest_gets_a_pseudonym_and_a_token(session: Session, language: str) -> None:
    guests = [players.new_guest(session, language, NOW, rng(n)) for n in range(20)]

    assert all(guest.is_guest and guest.display_name == guest.pseudonym for guest in guests)
    assert len({guest.session_token for guest in guests}) == 20
    assert min(len(guest.session_token) for guest in guests) >= 22  # 128 bits
    assert len({guest.pseudonym for guest in guests}) > 10


def test_a_session_names_its_player_by_id_and_token(session: Session, pupil: Player) -> None:
    assert players.player_by_session(session, pupil.id, pupil.session_token) is pupil
    assert players.player_by_session(session, pupil.id, "another") is None
    assert players.player_by_session(session, pupil.id + 1000, pupil.session_token) is None


def test_guests_are_erased_after_thirty_days_and_learners_never(session: Session) -> None:
    old = create_player(session, last_played_at=NOW - timedelta(days=30, seconds=1))
    fresh = create_player(session, last_played_at=NOW - timedelta(days=29, hours=23))
    kept = create_learner(session, "Kept")
    kept.last_played_at = NOW - timedelta(days=900)
    for player in (old, fresh, kept):
        create_answers(session, create_round(session, player))
    ids = (fresh.id, kept.id)

    assert players.erase_old_guests(session, NOW, 30) == 1
    assert players.erase_old_guests(session, NOW, 30) == 0

    session.expunge_all()
    assert set(session.scalars(select(Player.id))) == set(ids)
    assert set(session.scalars(select(Round.player_id))) == set(ids)
    assert set(session.scalars(select(Response.player_id))) == set(ids)


# Keeping a record


def test_keeping_gives_a_guest_a_name_and_ends_older_cookies(
    session: Session, pupil: Player
) -> None:
    before = pupil.session_token
    played = create_round(session, pupil)

    kept = players.keep_record(session, pupil, "  Zoé   du Port ", PASSPHRASE, NOW)

    assert (kept.id, kept.name, kept.is_guest) == (pupil.id, "Zoé du Port", False)
    assert kept.session_token != before
    assert PASSPHRASE not in everything(session)
    assert session.get_one(Round, played.id).player_id == kept.id


def test_keeping_without_a_record_makes_a_learner(session: Session) -> None:
    kept = players.keep_record(session, None, "Newcomer", PASSPHRASE, NOW)

    assert players.sign_in(session, "Newcomer", PASSPHRASE) is kept


@pytest.mark.parametrize(
    "other",
    [
        "zoe port",
        "ZOE PORT",
        "Zoe  Port",
        "\u2003Zoe\u00a0Port",
        "Ｚｏｅ Ｐｏｒｔ",
        "Zoe Por\uff34",
    ],
)
def test_a_name_that_folds_alike_is_taken(session: Session, pupil: Player, other: str) -> None:
    create_learner(session, "Zoe Port")

    with pytest.raises(BadInput, match=players.NAME_TAKEN):
        players.keep_record(session, pupil, other, PASSPHRASE, NOW)

    session.refresh(pupil)
    assert pupil.is_guest  # nothing half done


@pytest.mark.parametrize(("mine", "theirs"), [("Straße", "STRASSE"), ("Zoe\u0301", "Zoé")])
def test_case_and_composition_do_not_make_another_name(
    session: Session, mine: str, theirs: str
) -> None:
    learner = create_learner(session, mine)

    assert players.sign_in(session, theirs, PASSPHRASE) is learner


@pytest.mark.parametrize("name", ["Zoé", "李雷", "Ольга 7", "d’Arc-Hénin_2.0", "अनुष्का", "محمد"])
def test_letters_of_any_script_make_a_name(session: Session, name: str) -> None:
    assert create_learner(session, name).display_name == name


BAD_NAMES = [
    ("", players.NAME_SIZE),
    (" a ", players.NAME_SIZE),
    ("a" * 41, players.NAME_SIZE),
    ("x" * 1_000_000, players.NAME_SIZE),
    ("ﷺﷺﷺ", players.NAME_SIZE),  # 3 characters that are 54 when spelt out
    ("ann\u202etxt", players.NAME_SIGNS),  # right-to-left override
    ("ann\u2066b", players.NAME_SIGNS),
    ("ann\u200b", players.NAME_SIGNS),  # zero-width space
    ("an\u200dn", players.NAME_SIGNS),
    ("ann\ufeff", players.NAME_SIGNS),
    ("ann\x00", players.NAME_SIGNS),
    ("ann\x1b[2J", players.NAME_SIGNS),
    ("ann\ud800", players.NAME_SIGNS),  # a lone surrogate
    ("<b>ann</b>", players.NAME_SIGNS),
    ("=1+1", players.NAME_SIGNS),
    ("ann🙂", players.NAME_SIGNS),
    ("ann\u034f", players.NAME_SIGNS),  # invisible marks and letters
    ("ann\ufe0f", players.NAME_SIGNS),
    ("ann\u3164", players.NAME_SIGNS),
    ("\u115f\u1160", players.NAME_SIGNS),
    ("ann\U000e0101", players.NAME_SIGNS),
]


def test_bad_names_are_refused(session: Session, pupil: Player) -> None:
    got = []
    for name, _ in BAD_NAMES:
        with pytest.raises(BadInput) as refused:
            players.keep_record(session, pupil, name, PASSPHRASE, NOW)
        got.append((name, refused.value.message))
        assert refused.value.field == "name"

    assert got == BAD_NAMES
    assert session.get_one(Player, pupil.id, populate_existing=True).is_guest


@pytest.mark.parametrize(
    ("passphrase", "words"),
    [
        ("", players.PASSPHRASE_SHORT),
        ("1234567", players.PASSPHRASE_SHORT),
        ("é" * 7, players.PASSPHRASE_SHORT),
        ("x" * 129, players.PASSPHRASE_LONG),
        ("x" * 1_000_000, players.PASSPHRASE_LONG),
    ],
    ids=["empty", "seven", "seven of two bytes", "129", "a million"],
)
def test_a_bad_passphrase_is_refused(session: Session, passphrase: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        players.keep_record(session, None, "Somebody", passphrase, NOW)
    assert session.scalar(select(func.count(Player.id))) == 0


@pytest.mark.parametrize("passphrase", ["12345678", "é" * 128, "  spaces  ", "\x00\x00zeroes"])
def test_any_passphrase_of_8_to_128_characters_serves(session: Session, passphrase: str) -> None:
    learner = create_learner(session, "Somebody", passphrase)

    assert players.sign_in(session, "Somebody", passphrase) is learner
    assert players.sign_in(session, "Somebody", passphrase[:-1]) is None
    assert players.sign_in(session, "Somebody", passphrase + "x") is None


def test_a_record_is_named_once(session: Session) -> None:
    learner = create_learner(session, "Somebody")

    with pytest.raises(BadInput, match=players.ALREADY_KEPT):
        players.keep_record(session, learner, "Another", PASSPHRASE, NOW)
    assert session.get_one(Player, learner.id, populate_existing=True).name == "Somebody"


def test_of_many_who_want_a_name_at_once_one_gets_it(
    session: Session, at_once: Callable[..., list[Any]]
) -> None:
    def claim(session: Session, n: int) -> str:
        try:
            return players.keep_record(session, None, "Wanted", PASSPHRASE, NOW).name or ""
        except BadInput as error:
            return error.message

    assert sorted(at_once(12, claim)) == sorted(["Wanted", *[players.NAME_TAKEN] * 11])


def test_of_two_who_keep_one_guests_record_at_once_one_is_told(
    session: Session, pupil: Player, at_once: Callable[..., list[Any]]
) -> None:
    all_have_looked = Barrier(6)

    def keep(session: Session, n: int) -> str:
        guest = session.get_one(Player, pupil.id)
        all_have_looked.wait(30)
        try:
            return players.keep_record(session, guest, f"Name {n}", PASSPHRASE, NOW).name or ""
        except BadInput as error:
            return error.message

    kept = sorted(at_once(6, keep))

    assert kept[1:] == [players.ALREADY_KEPT] * 5
    session.expire_all()
    assert session.get_one(Player, pupil.id).name == kept[0]


# Signing in


@pytest.mark.parametrize(
    ("name", "passphrase"),
    [
        ("Pupil", "not the passphrase"),
        ("Nobody here", PASSPHRASE),
        ("", ""),
        ("Pupil", ""),
        ("Pupil\x00", PASSPHRASE),
        ("x" * 100_000, "y" * 100_000),
    ],
    ids=["wrong", "unknown", "empty", "no passphrase", "NUL", "huge"],
)
def test_a_failed_sign_in_gives_nothing(session: Session, name: str, passphrase: str) -> None:
    create_learner(session, "Pupil")

    assert players.sign_in(session, name, passphrase) is None


@pytest.mark.parametrize("name", ["Pupil", "Nobody here"])
def test_unknown_and_wrong_cost_one_hashing_each(
    session: Session, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_learner(session, "Pupil")
    hashed = count_hashing(monkeypatch)

    assert players.sign_in(session, name, "not the passphrase") is None
    assert len(hashed) == 1


def count_hashing(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every passphrase that reaches the hasher from now on."""
    seen: list[str] = []
    real = players._hasher

    class Counting:
        def verify(self, hashed: str, passphrase: str) -> bool:
            seen.append(passphrase)
            return real.verify(hashed, passphrase)

        def hash(self, passphrase: str) -> str:
            return real.hash(passphrase)

    monkeypatch.setattr(players, "_hasher", Counting())
    return seen


def test_passphrases_are_hashed_with_argon2id_at_owasps_cost_or_more() -> None:
    assert HASHER.type is argon2.Type.ID
    assert (HASHER.memory_cost, HASHER.time_cost) >= (19456, 2)


def test_a_name_typed_in_pieces_signs_in(session: Session) -> None:
    typed = unicodedata.normalize("NFD", "ế" * 30) + " " * 90 + "z"
    learner = players.keep_record(session, None, typed, PASSPHRASE, NOW)

    assert players.sign_in(session, typed, PASSPHRASE) == learner


def test_an_answer_that_is_being_stored_comes_along_too(
    app: Flask, session: Session, pupil: Player
) -> None:
    if session.get_bind().dialect.name == "sqlite":
        pytest.skip("one writes at a time")
    learner = create_learner(session, "Learner")
    played = create_round(session, pupil, keys=["harbour/h-fir"])
    ids = pupil.id, learner.id  # a thread must not load what is in the session of another

    def bring() -> None:
        with app.app_context():
            own = db.session()
            players.bring_along(own, *(own.get_one(Player, player_id) for player_id in ids))

    with db.engine.connect() as storing, ThreadPoolExecutor(1) as pool:
        storing.begin()
        with Session(storing, join_transaction_mode="create_savepoint") as own:
            create_answers(own, own.get_one(Round, played.id))  # not committed yet
        bringing = pool.submit(bring)
        waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        while not bringing.done() and not session.scalar(waits):
            session.rollback()
        storing.commit()
        bringing.result(30)

    session.rollback()
    assert [a.key for a in history(session, learner.id)] == ["harbour/h-fir"]


def test_a_guests_rounds_come_along_and_the_guest_goes(session: Session, pupil: Player) -> None:
    learner = create_learner(session, "Learner")
    create_answers(session, create_round(session, learner, keys=["harbour/h-ash"]))
    played = create_round(session, pupil, keys=["harbour/h-fir"])
    create_answers(session, played)
    guest_id = pupil.id

    players.bring_along(session, pupil, learner)

    session.expunge_all()
    assert {a.key for a in history(session, learner.id)} == {"harbour/h-ash", "harbour/h-fir"}
    assert session.get(Player, guest_id) is None
    assert session.get_one(Round, played.id).player_id == learner.id


def test_rounds_come_along_even_under_keys_that_the_learner_has_used(
    session: Session, pupil: Player
) -> None:
    learner = create_learner(session, "Learner")
    for player in (pupil, learner):
        played = create_round(session, player, keys=["harbour/h-fir"])
        played.start_key = "the same"
        create_answers(session, played)
        session.execute(
            update(Response).where(Response.player_id == player.id).values(key="the same")
        )
        session.commit()

    players.bring_along(session, pupil, learner)

    assert len(history(session, learner.id)) == 2


# Changing and leaving


def test_a_new_passphrase_replaces_the_old_one_and_ends_other_sessions(session: Session) -> None:
    learner = create_learner(session, "Learner")
    before = learner.session_token

    players.change_passphrase(session, learner, PASSPHRASE, "another three words")

    assert learner.session_token != before
    assert players.sign_in(session, "Learner", PASSPHRASE) is None
    assert players.sign_in(session, "Learner", "another three words") is learner


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [("wrong", "another three words", "old"), (PASSPHRASE, "short", "passphrase")],
)
def test_a_passphrase_is_not_changed_without_the_old_one_or_to_a_bad_one(
    session: Session, old: str, new: str, field: str
) -> None:
    learner = create_learner(session, "Learner")
    before = learner.session_token

    with pytest.raises(BadInput) as refused:
        players.change_passphrase(session, learner, old, new)

    assert refused.value.field == field
    assert learner.session_token == before
    assert players.sign_in(session, "Learner", PASSPHRASE) is learner


def test_signing_out_everywhere_makes_a_new_token(session: Session, pupil: Player) -> None:
    before = pupil.session_token

    players.sign_out_everywhere(session, pupil)

    assert players.player_by_session(session, pupil.id, before) is None


def test_erasing_leaves_no_trace_in_the_whole_database(session: Session, outsider: Player) -> None:
    learner = create_learner(session, "Forget Me")
    played = create_round(session, learner, mode=Mode.INVESTIGATION, start_key="telltale-start")
    create_answers(session, played, pointer="harbour:1-2")
    create_answers(session, create_round(session, outsider))
    keys = list(session.scalars(select(Response.key).where(Response.player_id == learner.id)))
    assert len(keys) == 6
    traces = [
        "Forget Me",
        "forget me",
        "telltale-start",
        played.id,
        learner.session_token,
        str(learner.passphrase_hash),
        *keys,
    ]
    assert all(trace in everything(session) for trace in traces)

    players.erase(session, learner)

    left = everything(session)
    assert [trace for trace in traces if trace in left] == []
    assert session.scalar(select(func.count(Response.id))) == 3  # the outsider's


# One's own data


def test_the_export_holds_all_that_is_stored(session: Session, outsider: Player) -> None:
    learner = create_learner(session, "Exporter")
    done = create_round(session, learner, start_key="a", keys=["harbour/h-fir"])
    create_answers(session, done, has_opened_file=True)
    finish(session, done, points=80)
    under_way = create_round(session, learner, mode=Mode.INVESTIGATION, set_slug="tower")
    first_look, *_ = create_answers(session, under_way, [None])
    session.query(Response).filter_by(item_id=first_look.item_id, look="final").delete()
    theirs = create_round(session, outsider)
    session.commit()

    exported = own_record.export(session, learner)

    written = json.dumps(exported)
    for played in (done, under_way):
        assert played.id in written
        assert played.started_at.isoformat() in written
        assert str(played.mode.value) in written
    assert done.finished_at.isoformat() in written
    for row in session.scalars(select(Response).where(Response.player_id == learner.id)):
        assert row.answered_at.isoformat() in written, row.look
        assert row.shown_at.isoformat() in written, row.look
    for value in ("Exporter", learner.pseudonym, learner.created_at.isoformat()):
        assert value in written
    assert theirs.id not in written
    assert learner.session_token not in written
    assert str(learner.passphrase_hash) not in written


def test_the_export_of_an_answer_says_what_was_said_and_what_it_was_worth(
    session: Session, pupil: Player
) -> None:
    played = create_round(session, pupil, mode=Mode.INVESTIGATION, keys=["harbour/h-box"])
    create_answers(session, played)

    (answer,) = own_record.export(session, pupil)["answers"]

    assert answer["question"] == "harbour/h-box"
    assert (answer["verdict"], answer["confidence"]) == ("unverified", "fairly_sure")
    assert (answer["first_verdict"], answer["pointer"]) == ("unverified", "none")
    assert (answer["right"], answer["points"], answer["opened_file"]) == (True, 100, False)
