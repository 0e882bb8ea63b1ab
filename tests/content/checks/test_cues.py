"""The verdict cannot be guessed from the claims: chance stays chance, and cues are found."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import cycle
from statistics import mean

import pytest

from quiz.content.checks.cues import ACCURACY_LIMIT, far_apart, guess_verdicts, looks
from quiz.content.checks.words import has_feature, nearly_equal, normalised, words
from quiz.domain.question_set import Question
from quiz.domain.verdict import Rule, Verdict

SUBJECTS = ("le pont", "la rue", "le port", "une école", "la gare", "un navire", "le phare")
VERBS = ("relie", "coûte", "montre", "attire", "occupe", "ferme", "longe", "garde")
OBJECTS = ("la ville", "deux rives", "trois places", "la mer", "un parc", "des ateliers", "la tour")


def question(number: int, claim: str, verdict: Verdict, contrast: str | None = None) -> Question:
    return Question(
        id=f"q{number}",
        claim={"fr": claim, "en": claim},
        verdict=verdict,
        rule=Rule.T1,
        as_of="2025-05-04",
        difficulty=1,
        skills=(),
        evidence=(),
        explanation={},
        contrast=contrast,
    )


def dealt(seed: int, cue: str = "", share: float = 0.0) -> list[Question]:
    """90 random claims with verdicts dealt evenly; unverified ones get the cue at this rate."""
    dice = random.Random(seed)
    made = []
    for number, verdict in zip(range(90), cycle(Verdict), strict=False):
        claim = " ".join(dice.choice(part) for part in (SUBJECTS, VERBS, OBJECTS, SUBJECTS, VERBS))
        if dice.random() < (share if verdict is Verdict.UNVERIFIED else 0.0):
            claim += f" {cue}"
        made.append(question(number, claim, verdict))
    return made


def accuracy(questions: Sequence[Question]) -> float:
    return guess_verdicts(questions, "fr").accuracy


def test_without_cues_the_figure_is_chance() -> None:
    """Neither over it nor, as plain leave-one-out on counts would give, under it."""
    assert 0.30 < mean(accuracy(dealt(seed)) for seed in range(24)) < 0.37


def test_a_cue_is_found_and_named() -> None:
    guessing = guess_verdicts(dealt(1, cue="semble-t-il", share=0.7), "fr")
    assert guessing.accuracy >= ACCURACY_LIMIT
    assert "semble-t-il" in [word for word, _ in guessing.telling][:2]


def test_a_cue_in_how_claims_open_is_found() -> None:
    openings = {Verdict.TRUE: "ainsi", Verdict.FALSE: "même", Verdict.UNVERIFIED: "parfois"}
    questions = [
        question(n, f"{openings[q.verdict]} {q.claim['fr']}", q.verdict)
        for n, q in enumerate(dealt(2))
    ]
    assert accuracy(questions) > 0.9


def test_numbers_are_one_word_so_that_digits_are_a_cue() -> None:
    questions = [
        question(n, q.claim["fr"] + (f" {n + 10}" if q.verdict is Verdict.FALSE else ""), q.verdict)
        for n, q in enumerate(dealt(3))
    ]
    assert accuracy(questions) >= ACCURACY_LIMIT


def test_words_spread_evenly_do_not_hide_a_cue() -> None:
    """Contrast of three claims, one a verdict, in the same words: and then a cue on top."""
    dice = random.Random(4)
    questions = []
    for topic in range(30):
        claim = " ".join(dice.choice(part) for part in (SUBJECTS, VERBS, OBJECTS)) + f" x{topic}y"
        for verdict in Verdict:
            has_cue = verdict is Verdict.UNVERIFIED and dice.random() < 0.8
            text = f"{claim} {'peut-être' if has_cue else 'ici'} {dice.choice(OBJECTS)}"
            questions.append(question(len(questions), text, verdict, contrast=f"topic{topic}"))
    assert accuracy(questions) >= ACCURACY_LIMIT


def test_partners_and_twins_are_left_out_together() -> None:
    """Claims that give each other away teach nothing: what is left is a guess."""
    claims = [(w, v) for v, w in zip(Verdict, ("aaaa", "bbbb", "cccc"), strict=True)] * 6
    alike = [question(n, f"{w} {w} {w} {w}", v) for n, (w, v) in enumerate(claims)]
    assert accuracy(alike) == pytest.approx(1 / 3)
    apart = [
        question(n, f"{w} {'defghi'[n // 3] * 20}", v, contrast=None)
        for n, (w, v) in enumerate(claims)
    ]
    assert accuracy(apart) == 1.0
    partners = [
        question(n, q.claim["fr"], q.verdict, contrast=q.verdict) for n, q in enumerate(apart)
    ]
    assert accuracy(partners) == pytest.approx(1 / 3)


def test_no_claims_and_one_claim_are_no_trouble() -> None:
    assert accuracy([]) == 0.0
    assert accuracy([question(0, "un seul pont", Verdict.TRUE)]) == pytest.approx(1 / 3)


def test_the_order_of_questions_does_not_matter() -> None:
    questions = dealt(5, cue="peut-être", share=0.5)
    turned = list(reversed(questions))
    assert guess_verdicts(questions, "fr") == guess_verdicts(turned, "fr")


def test_looks_are_counted_by_verdict() -> None:
    table = looks(
        [
            question(0, "Il y a 3 ponts.", Verdict.TRUE),
            question(1, "Le pont n’est pas neuf.", Verdict.TRUE),
            question(2, "Selon le maire, le pont serait neuf.", Verdict.UNVERIFIED),
        ],
        "fr",
    )
    true, false, unverified = (table[verdict] for verdict in Verdict)
    assert (true.claims, false.claims, unverified.claims) == (2, 0, 1)
    assert true.length == (15 + 23) / 2
    assert true.shares == {
        "negation": 0.5,
        "digits": 0.5,
        "attribution": 0.0,
        "absolutes": 0.0,
        "hedges": 0.0,
    }
    assert unverified.shares["attribution"] == unverified.shares["hedges"] == 1.0


def test_verdicts_that_look_alike_are_not_told_apart_and_others_are() -> None:
    alike = [question(n, "Le pont est neuf.", v) for n, v in enumerate(Verdict)]
    assert list(far_apart(looks(alike, "fr"))) == []
    unlike = [*alike[:2], question(2, "Le pont n’a jamais été le plus long.", Verdict.UNVERIFIED)]
    gaps = list(far_apart(looks(unlike, "fr")))
    assert [gap.split(":")[0] for gap in gaps] == [
        "mean length",
        "share of claims with negation",
        "share of claims with absolutes",
    ]


@pytest.mark.parametrize(
    ("feature", "language", "claim", "expected"),
    [
        ("negation", "fr", "Le pont n’est plus là.", True),
        ("negation", "fr", "Le pont est passé.", False),
        ("negation", "en", "The bridge wasn’t open.", True),
        ("negation", "en", "The bridge is notable.", False),
        ("digits", "en", "It cost 3,000 euros.", True),
        ("digits", "en", "It cost three euros.", False),
        ("attribution", "fr", "D’après le maire, oui.", True),
        ("attribution", "en", "According to the mayor, yes.", True),
        ("attribution", "en", "The mayor walked in.", False),
        ("absolutes", "fr", "Tous les ponts sont neufs.", True),
        ("absolutes", "en", "It is the only bridge.", True),
        ("hedges", "fr", "Le pont serait neuf.", True),
        ("hedges", "en", "The bridge is said to be new.", True),
        ("hedges", "en", "The bridge is new.", False),
    ],
)
def test_surface_features(feature: str, language: str, claim: str, expected: bool) -> None:
    assert has_feature(feature, claim, language) is expected


def test_words_are_small_letters_and_numbers_are_one_word() -> None:
    assert words("L’Axios compte 1 200 ou 21,5 porte-avions !") == (
        ["l", "axios", "compte", "<number>", "ou", "<number>", "porte-avions"]
    )


def test_near_equality_looks_past_case_spacing_and_punctuation() -> None:
    one = normalised("Le pont, neuf\u00a0: ouvert le 3 mai !")
    assert nearly_equal(one, normalised("le PONT neuf ouvert le 4 mai"))
    assert not nearly_equal(one, normalised("le pont neuf sera fermé en hiver"))
