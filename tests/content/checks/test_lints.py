"""Second looks: each catches what it is for, in both languages, and lets its near misses pass."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from quiz.content.checks.draft_checks import lint_draft
from quiz.content.checks.lexicon import find_word, pattern
from quiz.domain.question_set import (
    LANGUAGES,
    Draft,
    DraftEvidence,
    Region,
    RegionKind,
    SourceDocument,
)
from quiz.domain.quote import Quote, Span
from quiz.domain.taxonomy import Taxonomy
from quiz.domain.verdict import Rule, Stance, Verdict

ARTICLE = (
    "Le maire Paul Martin a ouvert le pont neuf le 3 mai. "
    "Le pont n’a pas été payé par la ville. "
    "Tous les habitants sont venus. "
    "Le directeur Jean Petit attend.\n"
)
COMMENTS = "Commentaires\nCamille Durand : ce pont est laid. Paul Martin aussi.\n"
TEXT = ARTICLE + COMMENTS
BRIDGE = SourceDocument(
    slug="bridge",
    text=TEXT,
    title={},
    kind={},
    provenance={},
    date_note={},
    language="fr",
    regions=(
        Region(RegionKind.ARTICLE, Span(0, len(ARTICLE))),
        Region(RegionKind.COMMENTS, Span(len(ARTICLE), len(TEXT))),
    ),
)
OPENED = "a ouvert le pont neuf le 3 mai"


def quote(exact: str, english: str) -> DraftEvidence:
    return DraftEvidence("bridge", Quote(exact), Stance.SUPPORTS, {"en": english})


def draft(claim: str = "", language: str = "fr", **parts: Any) -> Draft:
    """A draft with one claim; its quote says that the bridge was opened."""
    written = Draft(
        id="q",
        claim={language: claim} if claim else {},
        verdict=Verdict.TRUE,
        rule=Rule.T1,
        as_of="2025-05-04",
        difficulty=1,
        skills=("close_reading",),
        evidence=(quote(OPENED, "opened the new bridge on 3 May"),),
    )
    return replace(written, **parts)


def messages(of: Draft, siblings: list[Draft] | None = None) -> list[str]:
    """The warnings about a draft."""
    found = lint_draft(of, {"bridge": BRIDGE}, Taxonomy(), LANGUAGES, siblings or [])
    return [str(problem.message) for problem in found if problem.severity == "warning"]


@pytest.mark.parametrize(
    ("language", "claim"),
    [
        ("fr", "Le maire a ouvert le pont le 3 mai et le préfet a coupé le ruban."),
        ("fr", "Le maire a ouvert le pont et il n’est pas resté."),
        ("fr", "Le pont est neuf ; la ville l’a payé."),
        ("fr", "Le pont relie les rives tandis que la route reste fermée."),
        ("en", "The mayor has opened the bridge and the prefect has cut the ribbon."),
        ("en", "The bridge is new; the town paid for it."),
        ("en", "The bridge is open, whereas the road remains closed."),
    ],
)
def test_a_claim_that_says_two_things_is_told(language: str, claim: str) -> None:
    (message,) = messages(draft(claim, language))
    assert message.startswith("the claim seems to say two things")


@pytest.mark.parametrize(
    ("language", "claim"),
    [
        ("fr", "Le maire et le préfet ont ouvert le pont."),
        ("fr", "L’accord entre Paris et Rome est ancien."),
        ("fr", "Le pont relie la rive droite et la rive gauche."),
        ("fr", "C’est l’accord entre Paris et Rome qui a fait ouvrir le pont."),
        ("fr", "Le maire a cité la phrase « il est neuf et il est beau »."),
        ("en", "The mayor and the prefect have opened the bridge."),
        ("en", "The deal between Paris and Rome is old."),
        ("en", "It was the deal between Paris and Rome that made the bridge possible."),
        ("en", "The bridge was opened by the mayor and the prefect."),
    ],
)
def test_a_claim_about_two_things_is_fine(language: str, claim: str) -> None:
    assert messages(draft(claim, language)) == []


@pytest.mark.parametrize(
    ("language", "claim"),
    [("fr", "Le maire n’a pas ouvert le pont."), ("en", "The mayor did not open the bridge.")],
)
def test_a_false_claim_made_by_a_negation_is_told(language: str, claim: str) -> None:
    (message,) = messages(draft(claim, language, verdict=Verdict.FALSE, rule=Rule.F1))
    assert message == "the claim is made false by a negation that no quote has"
    assert messages(draft(claim, language)) == []


@pytest.mark.parametrize(
    ("language", "claim"),
    [
        ("fr", "La ville n’a pas attendu pour payer."),
        ("en", "The town did not wait before paying."),
    ],
)
def test_a_negation_that_the_quote_has_too_is_fine(language: str, claim: str) -> None:
    evidence = (quote("n’a pas été payé par la ville", "was not paid for by the town"),)
    false = {"verdict": Verdict.FALSE, "rule": Rule.F1}
    assert messages(draft(claim, language, evidence=evidence, **false)) == []


def test_a_negation_that_opposes_two_things_is_fine() -> None:
    claim = "Ce n’est pas le maire, mais le préfet, à qui l’on doit le pont."
    assert messages(draft(claim, verdict=Verdict.FALSE, rule=Rule.F1)) == []


@pytest.mark.parametrize(
    ("language", "claim", "word"),
    [
        ("fr", "Le maire ouvre toujours ses ponts en mai.", "toujours"),
        ("en", "The mayor always opens bridges in May.", "always"),
    ],
)
def test_an_absolute_that_no_quote_has_is_told(language: str, claim: str, word: str) -> None:
    assert messages(draft(claim, language)) == [f"the claim says “{word}”, and no quote does"]


@pytest.mark.parametrize(
    ("language", "claim"),
    [("fr", "Tous les habitants étaient là."), ("en", "All who live there came.")],
)
def test_an_absolute_of_the_quote_is_fine(language: str, claim: str) -> None:
    evidence = (quote("Tous les habitants sont venus", "All the inhabitants came"),)
    assert messages(draft(claim, language, evidence=evidence)) == []


def test_a_limit_removed_and_two_together_are_no_absolutes() -> None:
    assert messages(draft("Le maire et le préfet ouvrent tous deux le pont.")) == []
    overdone = draft("Tous les ponts sont ouverts.", verdict=Verdict.FALSE, rule=Rule.F3)
    assert messages(overdone) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_claim_much_longer_than_its_siblings_is_told(language: str) -> None:
    siblings = [draft(f"{letter * 7} " * 5, language) for letter in "abcd"]
    assert any("much longer" in m for m in messages(draft("z" * 73, language), siblings))
    assert messages(draft("z" * 72, language), siblings) == []
    assert messages(draft("z" * 73, language), siblings[:3]) == []


@pytest.mark.parametrize(
    ("language", "explanation", "is_good"),
    [
        ("fr", "C’est écrit noir sur blanc.", False),
        ("fr", "Le texte parle de l’ouverture du 3 mai.", True),
        ("fr", "Le texte dit « neuf », en toutes lettres.", True),
        ("en", "It says so in plain words.", False),
        ("en", "The words “opened the new” say it.", True),
    ],
)
def test_an_explanation_takes_up_the_quotes(language: str, explanation: str, is_good: bool) -> None:
    found = messages(draft(explanation={language: explanation}))
    assert any("takes up no word" in message for message in found) != is_good


def test_an_explanation_of_silence_or_of_the_page_needs_no_quoted_word() -> None:
    for rule in (Rule.U5, Rule.T3):
        bare = draft(rule=rule, verdict=rule.verdict, explanation={"fr": "Rien ne va par là."})
        assert messages(bare) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_that_only_the_comments_have_is_told(language: str) -> None:
    for name, count in (("Camille Durand", 1), ("Paul Martin", 0), ("Camille", 0)):
        found = messages(draft(f"{name} : le 3 mai.", language))
        assert len(found) == count
        assert all("seems to be a private person" in message for message in found)


def test_a_private_name_is_told_in_the_explanation_and_in_a_translation() -> None:
    named = (quote(OPENED, "Camille Durand opened it"),)
    found = lint_draft(
        draft(explanation={"fr": "Camille Durand parle du pont neuf."}, evidence=named),
        {"bridge": BRIDGE},
        Taxonomy(),
        LANGUAGES,
    )
    paths = {problem.path for problem in found if "private person" in problem.message}
    assert paths == {("explanation", "fr"), ("evidence", 0, "translation", "en")}


ACCUSED = {
    "fr": ("Jean Petit est accusé de fraude.", "Le pont neuf le dit.", "Au pont neuf, il nie."),
    "en": ("Jean Petit is accused of fraud.", "The new bridge.", "On the bridge he denies it."),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_accusation_without_a_denial_is_told(language: str) -> None:
    claim, bare, denied = ACCUSED[language]
    (message,) = messages(draft(claim, language, explanation={language: bare}))
    assert message.startswith("an accusation (“accus")
    assert messages(draft(claim, language, explanation={language: denied})) == []


@pytest.mark.parametrize(
    ("language", "claim", "explanation"),
    [
        ("fr", "Petit est un escroc.", "Le pont neuf le dit."),
        ("en", "Petit is a fraudster.", "The new bridge says so."),
    ],
)
def test_a_family_name_of_the_document_is_a_name(
    language: str, claim: str, explanation: str
) -> None:
    assert len(messages(draft(claim, language, explanation={language: explanation}))) == 1


@pytest.mark.parametrize(
    ("language", "claim", "explanation"),
    [
        ("fr", "Le crime est rare près du pont.", "Le pont neuf."),
        ("en", "Crime is rare near the bridge.", "The new bridge."),
        ("fr", "Jean Petit lutte contre le crime.", "Le pont neuf."),
        ("en", "Jean Petit works against crime.", "The new bridge."),
        ("fr", "Jean Petit est attendu au pont.", "Le pont neuf."),
    ],
)
def test_a_word_of_accusation_that_accuses_nobody_is_fine(
    language: str, claim: str, explanation: str
) -> None:
    assert messages(draft(claim, language, explanation={language: explanation})) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lexicon_has_every_list_in_each_language(language: str) -> None:
    lists = ("joining", "subordinating", "contrasting", "finite", "harmless", "opposing")
    for name in (*lists, "accusing", "denying"):
        assert pattern(name, language).pattern


def test_a_star_in_the_lexicon_stands_for_any_ending() -> None:
    assert find_word("accusing", "Une accusation", "fr") == "accusation"
    assert find_word("accusing", "The crimes", "en") == "crimes"
    assert find_word("accusing", "Un volet", "fr") is None
