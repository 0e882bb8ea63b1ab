"""Second readers, conversations and disputes in the browser."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from limits import parse

from quiz.domain.question_set import Draft
from quiz.domain.verdict import Rule, Stance, Verdict
from quiz.models import DeskSet, Reading, Right, Thread
from quiz.services.desk import readings, sharing
from quiz.services.desk.contents import draft, questions_in
from quiz.services.play import disputes
from quiz.web import rate_limits
from tests.desk import ids_in, rewrite
from tests.factories import HOSTILE, NOW, create_answers, create_round
from tests.views.pages import Visitor, by_id, form_to, part, tree, without_noise, words
from tests.views.test_query_counts import statements

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

WHY = f"The third line says so. {HOSTILE}"


@pytest.fixture
def asked(session: Session, trainer: Visitor, other_trainer: Visitor, made: DeskSet) -> Reading:
    """The other trainer is asked to read it blind."""
    assert trainer.player
    assert other_trainer.player
    return readings.ask_reader(session, trainer.player, made.id, "Other teacher", NOW)


@pytest.fixture
def disputed(session: Session, pupil: Visitor) -> Thread:
    """The pupil disputes a question of a shipped set."""
    assert pupil.player
    answer_one(session, pupil)
    assert pupil.post("/review/harbour/h-fir/dispute", text=WHY).status_code == 303
    return first_thread(session)


def first_thread(session: Session) -> Thread:
    """The first conversation, as it is now."""
    session.commit()
    return session.query(Thread).order_by(Thread.id).limit(1).one()


def answer_one(session: Session, pupil: Visitor) -> None:
    assert pupil.player
    create_answers(session, create_round(session, pupil.player, keys=["harbour/h-fir"]))


def claims(session: Session, reader: Visitor, reading: Reading) -> list[str]:
    """The names of the claims in the order of the page."""
    assert reader.player
    session.rollback()
    shown = readings.blind_reading(session, reader.player, reading.id)
    assert shown
    return [claim.name for claim in shown.claims]


def read_all(session: Session, reader: Visitor, reading: Reading, verdict: str = "true") -> None:
    """Answer every claim alike and finish."""
    page = reader.read(f"/desk/readings/{reading.id}")
    for name in claims(session, reader, reading):
        form = form_to(page, f"/{reading.id}/{name}")
        assert reader.send(form, verdict=verdict, note=f"My note {name}").status_code == 303
    assert reader.send(form_to(page, "/finish")).status_code == 303


# Nothing of the key before the end


def turned(question: Draft, number: int) -> Draft:
    """The question with another key: everything that is not its claim."""
    (truth,) = [v for v in (Verdict.FALSE, Verdict.UNVERIFIED) if v != question.verdict][:1]
    quote = replace(question.evidence[0], stance=Stance.NEAREST)
    return replace(
        question,
        verdict=truth,
        rule=Rule.F2 if truth is Verdict.FALSE else Rule.U4,
        explanation={"en": "An altogether different reason, and a longer one too."},
        skills=("silence", "number_check"),
        difficulty=3,
        evidence=(quote, quote) if number else (),
        contrast="a-pair",
        as_of="2020-01-01",
    )


def observed(reader: Visitor, reading: Reading, names: list[str]) -> list[tuple[object, ...]]:
    """All that a reader's requests are answered with."""
    page = f"/desk/readings/{reading.id}"
    answer = {"verdict": "true", "note": "As it stands."}
    seen = [reader.get(address) for address in ("/desk/readings/", page, f"{page}/nothing")]
    for name in names:
        digest = form_to(reader.read(page), f"/{name}").fields["digest"]
        seen.append(reader.get(f"{page}/{name}"))
        for path in ("", "/part"):
            seen.append(reader.post(f"{page}/{name}{path}", **answer, digest="other words"))
            seen.append(reader.post(f"{page}/{name}{path}", digest=digest))
        seen.append(reader.post(f"{page}/{name}/part", **answer, digest=digest))
    seen.append(reader.get(page))
    told = [(r.status_code, without_noise(r.text), list(r.headers)) for r in seen]
    return [
        (status, body, [h for h in headers if h[0] != "Set-Cookie"])
        for status, body, headers in told
    ]


def test_two_sets_that_differ_in_their_keys_are_read_on_the_same_pages(
    session: Session, other_trainer: Visitor, made: DeskSet, asked: Reading
) -> None:
    names = claims(session, other_trainer, asked)
    assert other_trainer.post(f"/desk/readings/{asked.id}/finish").status_code == 422
    for name in names:  # so that both begin alike
        observed(other_trainer, asked, [name])
    here = observed(other_trainer, asked, names)
    rows = questions_in(session, made)
    session.commit()
    for number, row in enumerate(rows):
        rewrite(session, row, turned(draft(row), number))

    there = observed(other_trainer, asked, names)

    assert here == there
    assert {status for status, *_ in here} == {200, 404, 422}
    assert other_trainer.post(f"/desk/readings/{asked.id}/finish").status_code == 303
    assert "different reason" in other_trainer.get(f"/desk/readings/{asked.id}").text


def test_no_word_of_the_key_and_no_id_of_a_question_is_on_the_page(
    session: Session, other_trainer: Visitor, made: DeskSet, asked: Reading
) -> None:
    html = other_trainer.get(f"/desk/readings/{asked.id}").text
    for row in questions_in(session, made):
        question = draft(row)
        assert question.claim["en"] in html
        for secret in (question.id, question.explanation["en"], *question.skills):
            assert secret not in html
    assert "checked" not in html
    assert "<mark" not in html


def test_the_author_cannot_look_over_the_readers_shoulder(
    session: Session, trainer: Visitor, other_trainer: Visitor, made: DeskSet, asked: Reading
) -> None:
    page, name = f"/desk/readings/{asked.id}", claims(session, other_trainer, asked)[0]
    for address in (page, f"{page}/{name}"):
        assert trainer.get(address, follow_redirects=True).status_code == 404
    assert trainer.post(f"{page}/finish", sure="1").status_code == 404
    of_set = words(trainer.read(f"/desk/readings/sets/{made.id}"))
    assert "0 of 3 answered" in of_set
    for address in (f"/desk/readings/sets/{made.id}", f"/desk/sets/{made.id}"):
        assert other_trainer.get(address).status_code == 404


# Asking and reading


def test_a_trainer_asks_by_name_and_the_typed_name_stays_when_it_is_refused(
    session: Session, trainer: Visitor, other_trainer: Visitor, pupil: Visitor, made: DeskSet
) -> None:
    page = f"/desk/readings/sets/{made.id}"
    for name in ("Nobody", "Pupil", "Teacher", "<b>é"):
        refused = trainer.send(form_to(trainer.read(page), page), reader=name)
        assert refused.status_code == 422
        (field,) = [f for f in tree(refused.text).iter("input") if f.get("name") == "reader"]
        assert (field.get("value"), field.get("aria-invalid")) == (name, "true")

    assert trainer.send(form_to(trainer.read(page), page), reader="other TEACHER").location == page
    assert "Other teacher" in words(trainer.read(page))
    assert "The bridge" in words(other_trainer.read("/desk/readings/"))


def test_a_reading_is_declined_by_its_reader_and_withdrawn_by_its_author(
    session: Session, trainer: Visitor, other_trainer: Visitor, made: DeskSet, asked: Reading
) -> None:
    form = form_to(other_trainer.read("/desk/readings/"), "/decline")
    assert other_trainer.send(form).location == "/desk/readings/"
    page = f"/desk/readings/sets/{made.id}"
    trainer.send(form_to(trainer.read(page), page), reader="Other teacher")
    assert trainer.send(form_to(trainer.read(page), "/withdraw")).location == page
    assert "Other teacher" not in words(trainer.read(page))


def test_claims_are_read_one_by_one_without_scripts(
    session: Session, other_trainer: Visitor, asked: Reading
) -> None:
    names = claims(session, other_trainer, asked)
    address = f"/desk/readings/{asked.id}/{names[0]}"
    for n, name in enumerate(names):
        form = form_to(other_trainer.read(address), f"/{name}")
        assert form.fields["alone"] == "1"
        after = other_trainer.send(form, verdict="false")
        assert after.status_code == 303
        last = f"/desk/readings/{asked.id}#finish"
        address = f"/desk/readings/{asked.id}/{names[n + 1]}" if n < 2 else last
        assert after.location == address


def test_an_answer_sent_by_script_gives_the_claims_form_back(
    session: Session, other_trainer: Visitor, asked: Reading
) -> None:
    name = claims(session, other_trainer, asked)[0]
    form = form_to(other_trainer.read(f"/desk/readings/{asked.id}"), f"/{name}")
    fields = {**form.fields, "verdict": "false", "note": HOSTILE}

    saved = other_trainer.post(f"{form.action}/part", **fields)
    card = part(saved.text)
    assert (saved.status_code, card.get("id")) == (200, f"claim-{name}")
    assert "1 of 3 answered" in words(card)
    refused = other_trainer.post(f"{form.action}/part", **{**fields, "note": HOSTILE * 50})
    assert refused.status_code == 422
    assert "1,000" in words(part(refused.text))
    assert HOSTILE not in refused.text


def test_finishing_asks_whether_claims_are_left_and_then_shows_the_comparison(
    session: Session, trainer: Visitor, other_trainer: Visitor, made: DeskSet, asked: Reading
) -> None:
    page = other_trainer.read(f"/desk/readings/{asked.id}")
    name = claims(session, other_trainer, asked)[0]
    other_trainer.send(form_to(page, f"/{name}"), verdict="unverified", note="Hm.")
    refused = other_trainer.send(form_to(page, "/finish"))
    assert refused.status_code == 422
    assert "Finish although 2 claims have no answer" in words(tree(refused.text))

    other_trainer.send(form_to(tree(refused.text), "/finish"), sure="1")

    for visitor in (trainer, other_trainer):
        compared = words(visitor.read(f"/desk/readings/{asked.id}"))
        assert "of 1 verdicts agree" in compared
        assert "2 questions have no answer" in compared
        assert "Hm." in compared
    one = f"/desk/readings/{asked.id}/{name}"
    assert other_trainer.get(one).location == f"/desk/readings/{asked.id}"
    late = other_trainer.post(one, verdict="true", digest="x")
    assert late.status_code == 409


def test_disagreements_are_talked_over_by_both(
    session: Session, trainer: Visitor, other_trainer: Visitor, made: DeskSet, asked: Reading
) -> None:
    read_all(session, other_trainer, asked)
    assert "2 open" in words(trainer.read("/desk/threads/"))
    assert "κ 0" in words(trainer.read(f"/desk/readings/sets/{made.id}"))
    thread = first_thread(session)
    address = f"/desk/threads/{thread.id}"

    assert "The reader said: True" in words(trainer.read(address))
    trainer.send(form_to(trainer.read(address), address), text="Why?")
    other_trainer.send(form_to(other_trainer.read(address), address), text=HOSTILE, state="close")

    for visitor in (trainer, other_trainer):
        html = visitor.get(address).text
        assert "Why?" in html
        assert HOSTILE not in html
        assert "Open again" in html
    assert "1 open" in words(trainer.read("/desk/threads/"))


def test_a_set_shared_with_its_reader_ends_the_reading(
    session: Session, trainer: Visitor, other_trainer: Visitor, made: DeskSet, asked: Reading
) -> None:
    assert trainer.player
    sharing.share(session, trainer.player, made.id, "Other teacher", Right.READ)
    page = other_trainer.read(f"/desk/readings/{asked.id}")
    assert "no more answers are taken" in words(page)
    assert [b for b in page.iter("button") if b.get("id", "").startswith("save-")] == []

    trainer.post(f"/desk/sets/{made.id}/shares", name="Other teacher", right="edit")
    assert "Agreement" in words(other_trainer.read(f"/desk/readings/{asked.id}"))


# Remarks


def test_the_fragment_of_a_question_has_its_conversations_and_takes_remarks(
    session: Session, trainer: Visitor, made: DeskSet
) -> None:
    address = f"/desk/questions/{ids_in(session, made)[0]}/threads"
    empty = part(trainer.get(f"{address}/part").text)
    assert empty.get("id") == "threads"

    told = trainer.post(f"{address}/part", text=f"Is this fair? {HOSTILE}")
    assert (told.status_code, HOSTILE in told.text) == (200, False)
    thread = first_thread(session)
    assert "Is this fair?" in words(by_id(part(told.text), f"thread-{thread.id}"))
    replied = trainer.post(f"/desk/threads/{thread.id}/part", text="Yes.", state="close")
    assert part(replied.text).get("id") == f"thread-{thread.id}"
    assert "Open again" in words(part(replied.text))
    assert "Yes." in words(trainer.read(address))


@pytest.mark.parametrize("path", ["", "/part"])
def test_a_remark_that_is_too_long_stays_in_the_form(
    session: Session, trainer: Visitor, made: DeskSet, path: str
) -> None:
    long = "x" * 2001
    address = f"/desk/questions/{ids_in(session, made)[0]}/threads"
    refused = trainer.post(f"{address}{path}", text=long)
    assert (refused.status_code, long in refused.text) == (422, True)
    trainer.post(address, text="Fine.")
    thread = first_thread(session)
    refused = trainer.post(f"/desk/threads/{thread.id}{path}", text=long)
    assert (refused.status_code, long in refused.text) == (422, True)


# Disputes


def test_a_learner_disputes_a_verdict_and_reads_the_answer(
    session: Session, pupil: Visitor, trainer: Visitor, disputed: Thread
) -> None:
    review = pupil.get("/review/harbour/h-fir").text
    assert "waits for an answer" in review
    assert HOSTILE not in review
    assert "I dispute this" not in review
    assert "your dispute was answered" not in pupil.get("/review/").text

    address = f"/desk/threads/{disputed.id}"
    trainer.send(form_to(trainer.read(address), address), text="Look again.", to_learner="1")

    assert "Look again." in words(pupil.read("/review/harbour/h-fir"))
    assert "your dispute was answered" in words(pupil.read("/review/"))
    trainer.send(form_to(trainer.read(address), address), state="close")
    closed = words(pupil.read("/review/harbour/h-fir"))
    assert "settled" in closed
    assert "I dispute this" in closed


def test_trainers_see_what_was_answered_and_not_by_whom(
    session: Session, pupil: Visitor, trainer: Visitor, disputed: Thread
) -> None:
    for address in (f"/desk/threads/{disputed.id}", "/desk/threads/"):
        html = trainer.get(address).text
        assert "Pupil" not in html
        assert HOSTILE not in html
    page = words(trainer.read(f"/desk/threads/{disputed.id}"))
    assert "The learner answered: True Fairly sure" in page
    assert "Because of harbour h-fir" in page
    assert "A learner" in page


def test_a_guest_disputes_too_and_a_text_too_short_stays_in_the_form(
    session: Session, guest: Visitor
) -> None:
    answer_one(session, guest)
    form = form_to(guest.read("/review/harbour/h-fir"), "/dispute")
    refused = guest.send(form, text="No <b>")
    assert refused.status_code == 422
    (box,) = [t for t in tree(refused.text).iter("textarea") if t.get("name") == "text"]
    assert words(box) == "No <b>"
    assert guest.send(form, text=WHY).status_code == 303
    assert guest.send(form, text=WHY).status_code == 409


def test_nobody_disputes_what_they_have_not_answered(
    session: Session, nobody: Visitor, pupil: Visitor, outsider: Visitor
) -> None:
    answer_one(session, pupil)
    for visitor in (nobody, outsider):
        assert visitor.post("/review/harbour/h-fir/dispute", text=WHY).status_code == 404
    assert session.query(Thread).count() == 0


def test_disputes_are_counted_for_each_player(
    session: Session, pupil: Visitor, outsider: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limits, "DISPUTES", parse("2/hour"))
    for visitor in (pupil, outsider):
        answer_one(session, visitor)
        tries = [visitor.post("/review/harbour/h-fir/dispute", text="no") for _ in range(3)]
        assert [t.status_code for t in tries] == [422, 422, 429]


# Costs


def test_the_inbox_costs_the_same_however_much_is_said(
    app: Flask, session: Session, trainer: Visitor, made: DeskSet, pupil: Visitor, disputed: Thread
) -> None:
    first, *others = ids_in(session, made)
    trainer.post(f"/desk/questions/{first}/threads", text="One.")
    few = len(statements(app, trainer, "/desk/threads/"))
    for question in others:
        for n in range(4):
            trainer.post(f"/desk/questions/{question}/threads", text=f"{n}.")

    assert len(statements(app, trainer, "/desk/threads/")) == few <= 12


def test_the_record_of_a_learner_has_the_dispute(
    session: Session, pupil: Visitor, disputed: Thread
) -> None:
    assert pupil.player
    told = pupil.get("/account/export").get_json()["disputes"]
    assert [d["text"] for d in told] == [
        d.text for d in disputes.disputes_of(session, pupil.player.id)
    ]
