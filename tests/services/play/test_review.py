"""Looking back: what was answered, and nothing else; figures on first meetings only."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from quiz.domain.answer import Look, Mode
from quiz.domain.errors import NotFound
from quiz.domain.verdict import Verdict
from quiz.models import Player, Response
from quiz.services.library.catalogue import catalogue_of
from quiz.services.library.history import Answer, history
from quiz.services.play.home import SetCard, home_of
from quiz.services.play.progress import progress_of
from quiz.services.play.review import PAGE, Filters, answered_quotes, review_page, reviewed_question
from quiz.services.play.summary import summary_of
from tests.factories import (
    NOW,
    SKETCHES,
    VERDICTS,
    caller_of,
    create_answers,
    create_round,
    finish,
    sentence,
    wrong,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

EVERY = Filters()


def play(
    session: Session,
    player: Player,
    *keys: str,
    right: bool = True,
    day: int = 0,
    level: int = 2,
    mode: Mode = Mode.QUICK,
) -> list[Response]:
    """A finished round of these questions, all right or all wrong."""
    at = NOW - timedelta(days=30 - day)
    slug = keys[0].split("/")[0]
    played = create_round(session, player, keys=list(keys), started_at=at, set_slug=slug, mode=mode)
    verdicts = [VERDICTS[key] if right else wrong(VERDICTS[key]) for key in keys]
    rows = create_answers(session, played, verdicts, confidence=level)
    finish(session, played, points=sum(1 for _ in keys) if right else -1)
    return rows


def keys(answers: tuple[Answer, ...]) -> list[str]:
    return [answer.key for answer in answers]


# The list


def test_nothing_answered_is_nothing_to_review(session: Session, pupil: Player) -> None:
    create_round(session, pupil)

    found = review_page(session, pupil.id, EVERY, 1)

    assert (found.answers, found.total, found.pages, found.set_slugs) == ((), 0, 1, ())


def test_the_list_has_ones_own_answers_latest_first(
    session: Session, pupil: Player, outsider: Player
) -> None:
    play(session, pupil, "harbour/h-fir", "harbour/h-ash", day=1)
    play(session, pupil, "tower/t-ash", day=2)
    play(session, outsider, "tower/t-fir")

    found = review_page(session, pupil.id, EVERY, 1)

    assert keys(found.answers) == ["tower/t-ash", "harbour/h-ash", "harbour/h-fir"]
    assert found.set_slugs == ("harbour", "tower")


def test_a_question_met_again_stands_once_with_its_latest_answer(
    session: Session, pupil: Player
) -> None:
    play(session, pupil, "harbour/h-fir", right=False, day=1)
    play(session, pupil, "harbour/h-fir", right=True, day=9)

    found = review_page(session, pupil.id, EVERY, 1)

    assert [answer.outcome.right for answer in found.answers] == [True]


def test_a_first_look_alone_is_not_an_answer_yet(session: Session, pupil: Player) -> None:
    play(session, pupil, "harbour/h-fir", mode=Mode.INVESTIGATION)
    session.query(Response).filter_by(look=Look.FINAL).delete()
    session.commit()

    assert review_page(session, pupil.id, EVERY, 1).total == 0
    assert history(session, pupil.id) == []
    with pytest.raises(NotFound):
        reviewed_question(session, pupil.id, "harbour", "h-fir")


FILTERED = [
    (Filters(set_slug="tower"), {"tower/t-hop"}),
    (Filters(set_slug="nowhere"), set()),
    (Filters(verdict=Verdict.FALSE), {"harbour/h-elm"}),
    (Filters(skill="allegation"), {"harbour/h-elm", "harbour/h-fig"}),
    (Filters(skill="no such skill"), set()),
    (Filters(result="right"), {"harbour/h-fir", "harbour/h-fig"}),
    (Filters(result="wrong"), {"harbour/h-elm", "tower/t-hop"}),
    (Filters(result="sure_wrong"), {"harbour/h-elm"}),
    (Filters(verdict=Verdict.TRUE, result="wrong"), {"tower/t-hop"}),
    (EVERY, {"harbour/h-fir", "harbour/h-fig", "harbour/h-elm", "tower/t-hop"}),
]


def test_filters(session: Session, pupil: Player) -> None:
    play(session, pupil, "harbour/h-fir", "harbour/h-fig", day=1)
    play(session, pupil, "harbour/h-elm", right=False, level=2, day=2)
    play(session, pupil, "tower/t-hop", right=False, level=1, day=3)

    for filters, expected in FILTERED:
        found = review_page(session, pupil.id, filters, 1)
        assert set(keys(found.answers)) == expected, filters
        assert found.total == len(expected)
        assert found.set_slugs == ("harbour", "tower")  # the choices stay, whatever is chosen


def test_pages_hold_twenty_and_a_page_too_far_is_the_last(session: Session, pupil: Player) -> None:
    for slug in ("harbour", "tower"):
        play(session, pupil, *(f"{slug}/{s.id}" for s in SKETCHES[slug]))
    everything = [
        key for n in (1, 2) for key in keys(review_page(session, pupil.id, EVERY, n).answers)
    ]

    assert PAGE == 20
    assert len(set(everything)) == 24
    for asked, shown in {1: 1, 2: 2, 3: 2, 0: 1, -5: 1, 10**9: 2}.items():
        found = review_page(session, pupil.id, EVERY, asked)
        assert (found.page, found.pages, found.total) == (shown, 2, 24)
        assert keys(found.answers) == everything[(shown - 1) * 20 : shown * 20]


# One question


def test_a_question_shows_all_ones_answers_latest_first(session: Session, pupil: Player) -> None:
    play(session, pupil, "harbour/h-fir", right=False, day=1)
    play(session, pupil, "harbour/h-fir", right=True, day=5)

    answers = reviewed_question(session, pupil.id, "harbour", "h-fir")

    assert [(a.outcome.right, a.is_repeat) for a in answers] == [(True, True), (False, False)]


@pytest.mark.parametrize("question", ["h-hop", "h-oak", "no-such-question", "", "t-fir"])
def test_a_question_not_answered_is_not_found(
    session: Session, pupil: Player, outsider: Player, question: str
) -> None:
    play(session, pupil, "harbour/h-fir")
    play(session, outsider, "harbour/h-hop")
    create_round(session, pupil, keys=["harbour/h-oak"])  # drawn and not answered

    with pytest.raises(NotFound):
        reviewed_question(session, pupil.id, "harbour", question)


# Documents


def test_a_document_marks_the_quotes_of_answered_questions_only(
    session: Session, pupil: Player, outsider: Player
) -> None:
    play(session, pupil, "harbour/h-fir", "harbour/h-box")
    play(session, outsider, "harbour/h-ash")
    create_round(session, pupil, keys=["harbour/h-hop"])
    document = catalogue_of(session).set(session, "harbour").documents["harbour"]

    quotes = answered_quotes(session, pupil.id, document)

    texts = [document.text[q.span.start : q.span.end] for q in quotes]
    assert texts == [sentence("harbour", 4), sentence("harbour", 7)]  # in the document's order
    assert [q.revision.key for q in quotes] == ["harbour/h-box", "harbour/h-fir"]
    assert answered_quotes(session, None, document) == ()


def test_a_first_look_marks_nothing_in_the_document(session: Session, pupil: Player) -> None:
    play(session, pupil, "harbour/h-fir", mode=Mode.INVESTIGATION)
    session.query(Response).filter_by(look=Look.FINAL).delete()
    session.commit()
    document = catalogue_of(session).set(session, "harbour").documents["harbour"]

    assert answered_quotes(session, pupil.id, document) == ()


# Progress


def test_figures_count_first_meetings_only_and_retention_the_others(
    session: Session, pupil: Player
) -> None:
    play(session, pupil, "harbour/h-fir", "harbour/h-elm", "harbour/h-may", right=False, day=1)
    play(session, pupil, "harbour/h-fir", "harbour/h-elm", right=True, day=5)

    found = progress_of(session, pupil.id, NOW)

    assert found.figures.answers == 3
    assert found.figures.confusion.accuracy.count == 0
    assert (found.retention.count, found.retention.total) == (2, 2)
    assert [(p.key, p.right.count, p.right.total) for p in found.sets] == [("harbour", 0, 3)]
    assert sum(p.right.total for p in found.skills) == 2 * 3  # two skills a question
    assert found.due == 3


def test_the_confusion_table_is_a_recount_of_the_rows(session: Session, pupil: Player) -> None:
    rows = play(session, pupil, *(f"harbour/{s.id}" for s in SKETCHES["harbour"]), right=False)
    confusion = progress_of(session, pupil.id, NOW).figures.confusion

    for truth in Verdict:
        for said in Verdict:
            recount = sum(
                VERDICTS[f"harbour/{sketch.id}"] is truth and row.verdict is said
                for sketch, row in zip(SKETCHES["harbour"], rows, strict=True)
            )
            assert confusion.count(truth, said) == recount


def test_gain_compares_first_looks_with_final_ones(session: Session, pupil: Player) -> None:
    rows = play(session, pupil, "harbour/h-fir", "harbour/h-elm", mode=Mode.INVESTIGATION)
    rows[0].verdict = Verdict.FALSE  # the first look at the first question
    session.commit()
    play(session, pupil, "harbour/h-hop")  # a quick round has no first look

    gain = progress_of(session, pupil.id, NOW).gain

    assert gain is not None
    assert (gain.before.count, gain.after.count, gain.before.total) == (1, 2, 2)


def test_only_quick_rounds_count_for_the_habit_of_opening_files(
    session: Session, pupil: Player
) -> None:
    play(session, pupil, "harbour/h-fir", "harbour/h-elm")[0].has_opened_file = True
    play(session, pupil, "harbour/h-hop", mode=Mode.INVESTIGATION)
    session.commit()

    opened = progress_of(session, pupil.id, NOW).opened

    assert (opened.count, opened.total) == (1, 2)


def test_rounds_come_oldest_first_with_personal_bests(session: Session, pupil: Player) -> None:
    play(session, pupil, "harbour/h-fir", right=False, day=1)
    play(session, pupil, "harbour/h-elm", right=True, day=2)
    play(session, pupil, "harbour/h-may", right=True, day=3)
    create_round(session, pupil)  # unfinished: not shown

    rounds = progress_of(session, pupil.id, NOW).rounds

    assert [(r.points, r.is_best, r.accuracy.total) for r in rounds] == [
        (-1, False, 1),
        (1, True, 1),
        (1, False, 1),
    ]


def test_nobody_elses_answers_count(session: Session, pupil: Player, outsider: Player) -> None:
    play(session, outsider, "harbour/h-fir")

    found = progress_of(session, pupil.id, NOW)

    assert (found.figures.answers, found.rounds, found.due) == (0, (), 0)


# The summary of a round


def test_a_summary_has_the_rounds_answers_in_order(session: Session, pupil: Player) -> None:
    wanted = ["harbour/h-fir", "harbour/h-box", "harbour/h-elm"]
    play(session, pupil, *wanted)
    (played,) = progress_of(session, pupil.id, NOW).rounds

    found = summary_of(session, caller_of(pupil), played.id)

    assert found is not None
    assert keys(found.answers) == wanted
    assert (found.points, found.best, found.is_best) == (3, None, False)
    assert found.gain is None


def test_a_best_is_of_the_same_set_mode_and_length_and_before(
    session: Session, pupil: Player
) -> None:
    play(session, pupil, "tower/t-fir", day=1)  # another set
    play(session, pupil, "harbour/h-fir", mode=Mode.INVESTIGATION, day=1)  # another mode
    play(session, pupil, "harbour/h-fir", "harbour/h-may", day=1)  # another length
    play(session, pupil, "harbour/h-elm", right=False, day=2)
    play(session, pupil, "harbour/h-hop", day=3)
    play(session, pupil, "harbour/h-bay", day=4)  # later

    rounds = progress_of(session, pupil.id, NOW).rounds
    found = summary_of(session, caller_of(pupil), rounds[-2].id)

    assert found is not None
    assert (found.points, found.best, found.is_best) == (1, -1, True)


def test_skills_to_practise_are_those_missed_most_three_at_most(
    session: Session, pupil: Player
) -> None:
    play(session, pupil, "harbour/h-ash", "harbour/h-elm", "harbour/h-box", right=False, day=1)

    found = summary_of(session, caller_of(pupil), progress_of(session, pupil.id, NOW).rounds[-1].id)

    # ash: close_reading, number_check; elm: number_check, allegation; box as ash
    assert found is not None
    assert found.skills == ("number_check", "close_reading", "allegation")


# The shelf


def card(session: Session, player: Player | None, slug: str) -> SetCard:
    (found,) = [c for c in home_of(session, player and player.id, NOW).cards if c.set.slug == slug]
    return found


def test_the_shelf_has_every_set_but_the_examples(session: Session) -> None:
    found = home_of(session, None, NOW)

    assert [c.set.slug for c in found.cards] == ["harbour", "tower"]
    assert (found.unfinished, found.due) == (None, 0)


def test_a_card_counts_each_questions_latest_answer(session: Session, pupil: Player) -> None:
    play(session, pupil, "harbour/h-fir", "harbour/h-elm", right=False, day=1)
    play(session, pupil, "harbour/h-fir", right=True, day=2)

    mine = card(session, pupil, "harbour")

    assert (mine.answered, mine.right, mine.size) == (2, 1, 12)
    assert card(session, pupil, "tower").answered == 0
    assert card(session, None, "harbour").answered == 0


def test_the_latest_round_is_offered_until_it_is_finished(session: Session, pupil: Player) -> None:
    played = create_round(session, pupil, set_slug="tower")
    unfinished = home_of(session, pupil.id, NOW).unfinished
    assert unfinished is not None
    assert (unfinished.round_id, unfinished.set and unfinished.set.slug) == (played.id, "tower")

    finish(session, played)
    assert home_of(session, pupil.id, NOW).unfinished is None
