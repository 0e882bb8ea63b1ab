"""The lint of what is being written: each gap told once, and all that can be said of the rest."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.content.checks.appearance import guessing_limit
from quiz.content.checks.cues import ACCURACY_LIMIT
from quiz.content.checks.draft_checks import SetLint, lint_draft, lint_set
from quiz.content.format.problems import Problem, Severity
from quiz.domain.draft import DraftSet, missing
from quiz.domain.message import Message
from quiz.domain.question_set import (
    LANGUAGES,
    Draft,
    DraftEvidence,
    Region,
    RegionKind,
    SourceDocument,
)
from quiz.domain.quote import Quote, Span
from quiz.domain.taxonomy import Skill, Taxonomy
from quiz.domain.verdict import Rule, Stance, Verdict

TEXT = (
    "Le maire a ouvert le pont neuf le 3 mai. Le pont mesure 120 mètres. "
    "Le pont serait fermé en hiver. Le pont est beau.\nCommentaires\nCe pont est laid.\n"
)
CUT = TEXT.index("Commentaires")
SOME = {"fr": "Quelques mots", "en": "Some words"}
BRIDGE = SourceDocument(
    slug="bridge",
    text=TEXT,
    title=SOME,
    kind=SOME,
    provenance=SOME,
    date_note=SOME,
    language="fr",
    regions=(
        Region(RegionKind.ARTICLE, Span(0, CUT)),
        Region(RegionKind.COMMENTS, Span(CUT, len(TEXT))),
    ),
)
DOCUMENTS = {"bridge": BRIDGE}
TAXONOMY = Taxonomy(skills={"close_reading": Skill("close_reading", SOME, SOME, SOME)})
EMPTY = Draft("empty")


def quote(exact: str, stance: Stance | None, english: str = "Of the bridge.") -> DraftEvidence:
    return DraftEvidence("bridge", Quote(exact), stance, {"en": english})


WHOLE = Draft(
    id="opening",
    claim={"fr": "Le pont neuf a été ouvert le 3 mai.", "en": "The new bridge opened on 3 May."},
    verdict=Verdict.TRUE,
    rule=Rule.T1,
    as_of="2025-05-04",
    difficulty=1,
    skills=("close_reading",),
    evidence=(quote("Le maire a ouvert le pont neuf le 3 mai.", Stance.SUPPORTS),),
    explanation={
        "fr": "La page le dit du pont dans une phrase à elle, sans réserve, et rien ne le dément.",
        "en": "The page says so of the bridge in a sentence of its own, without any reservation.",
    },
)
OTHERS = (
    replace(
        WHOLE,
        id="length",
        claim={"fr": "La longueur est de 210 mètres.", "en": "It has a length of 210 metres."},
        verdict=Verdict.FALSE,
        rule=Rule.F1,
        evidence=(quote("Le pont mesure 120 mètres", Stance.REFUTES),),
    ),
    replace(
        WHOLE,
        id="winter",
        claim={"fr": "On ferme ce passage en hiver.", "en": "This crossing is shut in winter."},
        verdict=Verdict.UNVERIFIED,
        rule=Rule.U1,
        evidence=(quote("Le pont serait fermé en hiver", Stance.HEDGES),),
    ),
)


def lint(draft: Draft, *siblings: Draft, languages: tuple[str, ...] = LANGUAGES) -> Any:
    return lint_draft(draft, DOCUMENTS, TAXONOMY, languages, siblings)


def told(problems: Any) -> dict[Any, str]:
    """Messages by field; no field is told of twice here."""
    found = {problem.path: str(problem.message) for problem in problems}
    assert len(found) == len(problems)
    return found


def test_a_finished_question_has_no_problems() -> None:
    assert lint(WHOLE, *OTHERS) == ()


def test_an_empty_question_has_one_error_for_each_field() -> None:
    found = lint(EMPTY)
    assert [problem.path for problem in found] == list(missing(EMPTY))
    assert {problem.severity for problem in found} == {Severity.ERROR}
    assert told(found)["claim", "fr"] == "the French claim is missing"
    assert found[0].fix == "write it"


def test_problems_of_a_form_have_no_file_and_no_line() -> None:
    assert {(p.file, p.line, p.column) for p in lint(EMPTY)} == {("", 0, 0)}


def test_everything_the_lint_says_can_be_said_in_another_language() -> None:
    odd = replace(WHOLE, rule=Rule.U5, skills=("a", "a"), as_of="x", difficulty=9)
    for problem in (*lint(EMPTY), *lint(odd), *lint_set(a_set(EMPTY), {}, TAXONOMY).set_problems):
        assert isinstance(problem.message, Message)
        assert isinstance(problem.fix, Message)


@pytest.mark.parametrize(
    ("parts", "path", "message"),
    [
        ({"claim": {"fr": "Court.", "en": WHOLE.claim["en"]}}, ("claim", "fr"), "6 characters"),
        ({"rule": Rule.F1}, ("rule",), "the rule F1 leads to false, not true"),
        ({"skills": ("telepathy",)}, ("skills", 0), "telepathy is not in the taxonomy"),
        ({"as_of": "4 mai"}, ("as_of",), "the date is not a date written YYYY-MM-DD"),
        ({"as_of": "2025-02-30"}, ("as_of",), "the date is no day of the calendar"),
        ({"difficulty": 4}, ("difficulty",), "this difficulty does not exist"),
        (
            {"files": ("bridge", "gone")},
            ("files", 1),
            "gone is not one of the documents of this set",
        ),
        ({"files": ("bridge", "bridge")}, ("files", 1), "the document bridge stands twice"),
        ({"contrast": "alone"}, ("contrast",), "only one question is in the contrast group alone"),
        (
            {"evidence": (quote("Le maire a fermé le pont neuf", Stance.SUPPORTS),)},
            ("evidence", 0, "quote"),
            "the quote is not found in bridge.txt",
        ),
        (
            {"evidence": (quote("Le pont", Stance.SUPPORTS),)},
            ("evidence", 0, "quote"),
            "the quote stands 3 times in bridge.txt",
        ),
        (
            {"evidence": (quote("Ce pont est laid", Stance.SUPPORTS),)},
            ("evidence", 0, "quote"),
            "the quote is from the comments, where private readers speak",
        ),
        (
            {"evidence": (replace(WHOLE.evidence[0], translation={}),)},
            ("evidence", 0, "translation", "en"),
            "the English translation of the quote is missing",
        ),
        (
            {"evidence": (replace(WHOLE.evidence[0], document="gone"),)},
            ("evidence", 0, "document"),
            "gone is not one of the documents of this set",
        ),
        (
            {"evidence": (replace(WHOLE.evidence[0], stance=Stance.HEDGES),)},
            ("evidence",),
            "the rule T1 needs a quote that supports",
        ),
    ],
)
def test_a_fault_is_told_at_its_field_even_while_the_rest_is_missing(
    parts: dict[str, Any], path: tuple[Any, ...], message: str
) -> None:
    assert message in told(lint(replace(WHOLE, **parts)))[path]
    unfinished = replace(WHOLE, **parts, explanation={})
    if path[0] != "rule":
        assert message in told(lint(unfinished))[path]


def test_the_nearest_passage_is_offered_for_a_quote_that_is_not_found() -> None:
    wrong = replace(WHOLE, evidence=(quote("Le maire a fermé le pont neuf", Stance.SUPPORTS),))
    (problem,) = lint(wrong)
    assert "Le maire a ouvert le pont neuf" in problem.fix


def test_checks_that_need_what_is_missing_stay_silent() -> None:
    for part in ("verdict", "rule"):
        assert told(lint(replace(WHOLE, **{part: None}))) == {(part,): f"the {part} is missing"}
    undecided = replace(WHOLE, evidence=(replace(WHOLE.evidence[0], stance=None),))
    assert list(told(lint(undecided))) == [("evidence", 0, "stance")]
    nowhere = replace(WHOLE, evidence=(replace(WHOLE.evidence[0], quote=Quote("")),))
    assert list(told(lint(nowhere))) == [("evidence", 0, "quote")]


def test_mends_of_a_form_do_not_speak_of_files() -> None:
    evidence = (replace(WHOLE.evidence[0], translation={}, stance=Stance.HEDGES),)
    for problem in lint(replace(WHOLE, evidence=evidence, rule=Rule.F1), WHOLE):
        assert "`" not in problem.fix
        assert ".yaml" not in problem.fix


def test_only_the_languages_of_the_set_are_asked_for() -> None:
    french = replace(
        WHOLE,
        claim={"fr": WHOLE.claim["fr"], "en": "No."},
        explanation={"fr": WHOLE.explanation["fr"]},
        evidence=(replace(WHOLE.evidence[0], translation={}),),
    )
    assert lint(french, languages=("fr",)) == ()
    assert ("claim", "en") in told(lint(french))


def test_a_twin_among_the_siblings_is_told_and_a_pair_is_not() -> None:
    twin = replace(WHOLE, id="twin", verdict=Verdict.FALSE, rule=Rule.F1)
    (problem,) = lint(WHOLE, twin)
    assert problem.path == ("claim", "fr")
    assert "nearly equals another one: “Le pont neuf" in problem.message
    assert lint(replace(WHOLE, contrast="day"), replace(twin, contrast="day")) == ()


def test_a_pair_of_one_verdict_is_told_at_each_of_its_questions() -> None:
    draft, *others = (replace(d, contrast="day", verdict=Verdict.TRUE) for d in (WHOLE, *OTHERS))
    assert told(lint(draft, *others)) == {
        ("contrast",): "all questions of the contrast group day are true, on the same files",
    }
    undecided = replace(others[0], verdict=None)
    assert lint(draft, undecided) == ()


def test_one_mend_of_one_field_is_asked_once() -> None:
    twins = [replace(WHOLE, id=f"twin{n}") for n in range(3)]
    assert len([p for p in lint(WHOLE, *twins) if p.path == ("claim", "fr")]) == 1


def a_set(*drafts: Draft, **parts: Any) -> DraftSet:
    return replace(DraftSet("bridge", SOME, SOME, ("bridge",), drafts), **parts)


def linted(*drafts: Draft, **parts: Any) -> SetLint:
    return lint_set(a_set(*drafts, **parts), DOCUMENTS, TAXONOMY)


def test_a_set_of_three_verdicts_can_be_published() -> None:
    lint = linted(WHOLE, *OTHERS)
    assert lint == SetLint((), ((), (), ()))
    assert lint.is_publishable


def test_a_set_has_three_questions_a_document_a_title_and_a_summary() -> None:
    lint = linted(title={"fr": "Pont"}, summary={}, documents=())
    assert list(told(lint.set_problems)) == [
        ("title", "en"),
        ("summary", "fr"),
        ("summary", "en"),
        ("documents",),
        ("questions",),
    ]
    assert not lint.is_publishable


def test_a_document_that_is_gone_or_lacks_a_language_is_told() -> None:
    french = replace(BRIDGE, kind={"fr": "Brève"}, date_note={"fr": "Mai"})
    lint = lint_set(
        a_set(WHOLE, *OTHERS, documents=("bridge", "gone")), {"bridge": french}, TAXONOMY
    )
    assert told(lint.set_problems) == {
        (
            "documents",
            0,
        ): "the English description of the document bridge lacks: kind, date_note",
        ("documents", 1): "the document gone is not there any more",
    }


def test_problems_of_questions_come_in_the_order_of_the_set() -> None:
    lint = linted(WHOLE, EMPTY, OTHERS[0])
    assert [bool(problems) for problems in lint.questions] == [False, True, False]
    assert not lint.is_publishable


def many(*verdicts: Verdict | None) -> list[Draft]:
    return [
        replace(
            WHOLE,
            id=f"q{n}",
            verdict=verdict,
            claim={"fr": "abcdefghijkl"[n] * 30, "en": "mnopqrstuvwx"[n] * 30},
        )
        for n, verdict in enumerate(verdicts)
    ]


def balance(*verdicts: Verdict | None) -> list[Problem]:
    return list(linted(*many(*verdicts)).set_problems)


def test_in_a_small_set_a_verdict_that_never_comes_is_a_warning() -> None:
    (problem,) = balance(*[Verdict.TRUE] * 4, Verdict.FALSE)
    assert problem.message == "no question of the set is unverified"
    assert problem.severity is Severity.WARNING
    assert balance(*[Verdict.TRUE] * 6, Verdict.FALSE, Verdict.UNVERIFIED) == []


def test_from_nine_questions_on_the_balance_is_an_error() -> None:
    (problem,) = balance(*[Verdict.TRUE] * 7, Verdict.FALSE, Verdict.UNVERIFIED)
    assert problem.message.startswith("the verdicts are out of balance: true 7 (78%), false 1")
    assert problem.severity is Severity.ERROR
    assert balance(*[*Verdict] * 3) == []


def test_the_balance_waits_for_the_last_verdict() -> None:
    assert balance(*[Verdict.TRUE] * 9, None) == []


def test_claims_that_give_the_verdict_away_are_told_for_the_set() -> None:
    cues = {Verdict.TRUE: "ainsi", Verdict.FALSE: "même", Verdict.UNVERIFIED: "parfois"}
    drafts = [
        replace(
            WHOLE,
            id=f"q{n}",
            verdict=verdict,
            claim={"fr": f"{cues[verdict]} {'abcdefghijklmnopqr'[n] * 20}"},
        )
        for n, verdict in enumerate([*Verdict] * 6)
    ]
    lint = linted(*drafts, languages=("fr",))
    (problem,) = (p for p in lint.set_problems if "can be guessed" in p.message)
    assert problem.path == ("questions",)


def test_few_claims_may_be_guessed_by_luck() -> None:
    assert guessing_limit(9) == pytest.approx(0.591, abs=0.001)
    assert guessing_limit(18) == pytest.approx(0.516, abs=0.001)
    assert guessing_limit(60) == guessing_limit(600) == ACCURACY_LIMIT


def test_a_verdict_that_has_no_claim_yet_does_not_make_the_others_look_long() -> None:
    drafts = many(*[Verdict.TRUE, Verdict.FALSE] * 6)
    alike = [replace(draft, id=f"{draft.id}b") for draft in drafts]
    found = linted(*drafts, *alike).set_problems
    assert not any("mean length" in problem.message for problem in found)


WORDS = st.sampled_from(
    ["", "Le pont", "z" * 250, "Le pont neuf a été ouvert le 3 mai ; il n’est pas fermé.", "\0 é"]
)
TEXTS = st.dictionaries(st.sampled_from(LANGUAGES), WORDS)
QUOTES = st.builds(Quote, WORDS | st.text(max_size=20), WORDS, WORDS)
EVIDENCE = st.builds(
    DraftEvidence,
    st.sampled_from(["", "bridge", "gone"]),
    QUOTES,
    st.none() | st.sampled_from(Stance),
    TEXTS,
)
DRAFTS = st.builds(
    Draft,
    id=st.sampled_from(["a", "b"]),
    claim=TEXTS,
    verdict=st.none() | st.sampled_from(Verdict),
    rule=st.none() | st.sampled_from(Rule),
    as_of=st.sampled_from(["", "2025-05-04", "demain"]) | st.text(max_size=12),
    difficulty=st.none() | st.integers(-1, 5),
    skills=st.lists(st.sampled_from(["close_reading", "x"]), max_size=5).map(tuple),
    evidence=st.lists(EVIDENCE, max_size=4).map(tuple),
    explanation=TEXTS,
    contrast=st.none() | st.sampled_from(["day", ""]),
)


@given(DRAFTS, st.lists(DRAFTS, max_size=3), st.sampled_from([("fr",), ("en",), LANGUAGES]))
def test_no_draft_ends_in_a_traceback_and_each_gap_is_told_once(
    draft: Draft, siblings: list[Draft], languages: tuple[str, ...]
) -> None:
    found = lint_draft(draft, DOCUMENTS, TAXONOMY, languages, siblings)
    paths = [problem.path for problem in found]
    assert all(paths.count(path) == 1 for path in missing(draft, languages))
    assert "sibling" not in {path[0] for path in paths}
    assert len({(p.path, p.fix) for p in found}) == len(found)


@given(st.lists(DRAFTS, max_size=5), TEXTS, st.sampled_from([(), ("bridge",), ("gone",)]))
def test_no_set_ends_in_a_traceback(
    drafts: list[Draft], title: Any, documents: tuple[str, ...]
) -> None:
    lint = lint_set(a_set(*drafts, title=title, documents=documents), DOCUMENTS, TAXONOMY)
    assert len(lint.questions) == len(drafts)


def test_a_question_judged_on_one_document_is_not_settled_by_another() -> None:
    documents = {**DOCUMENTS, "tower": replace(BRIDGE, slug="tower")}
    draft = replace(WHOLE, files=("tower",))
    (problem,) = lint_draft(draft, documents, TAXONOMY, LANGUAGES)
    assert problem.path == ("evidence", 0, "document")
    assert problem.message == "the quote is from bridge, on which the question is not judged"
    assert "add the document to the files" in problem.fix
    assert (
        lint_draft(replace(draft, files=("tower", "bridge")), documents, TAXONOMY, LANGUAGES) == ()
    )
