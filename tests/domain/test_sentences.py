from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import run
from quiz.domain.sentences import sentences

DOCUMENTS = run.ROOT / "questions" / "documents"

FRAGMENTS = [
    *"«»“”\"'’()[]….!?,;:—- \n\t\r",
    "\u00a0",
    "\u202f",
    "\u2028",
    "D.",
    "M.",
    "No.",
    "U.S.",
    "Le",
    "mot",
    "3.5",
    "[1]",
    "é",
    "_",
    "🙂",
]
prose = st.one_of(st.text(), st.lists(st.sampled_from(FRAGMENTS)).map("".join))


def cut(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentences(text)]


def document(slug: str) -> str:
    return (DOCUMENTS / f"{slug}.txt").read_bytes().decode()


@pytest.mark.parametrize(
    "parts",
    [
        ["Il part.", "Elle reste."],
        ["Qui part ?", "Lui !", "Vraiment ?!", "Non…"],
        ["Quoi ? !", "Rien."],
        ["En 2025.", "3 personnes restent."],
        ["Il y a des drones, des radars, etc.", "Maduro attend."],
        ["Le train part à 15 h.", "Trump le prend à 15 h. 30 précises."],
        ["Vas-y.", "Il dit oui."],
        ["He came.", "'Why?'", "“Because.”", "She left."],
        ['"Come."', '"Why?"', "He said it."],
        ["Texte sourcé.[1]", "Suite.[12][13]", "Fin."],
        ["— Oui.", "— Non."],
        ["Il dort (voir plus haut).", "(Il rêve.)", "Il parle."],
        ["ÉCOUTEZ.", "À demain.", "Œuvre finie."],
    ],
)
def test_splits_where_a_sentence_ends(parts: list[str]) -> None:
    assert cut(" ".join(parts)) == parts


@pytest.mark.parametrize(
    "text",
    [
        "La position de D. Trump reste floue.",
        "M. Macron, Mme. Royal et MM. Poutine et Xi parlent avec le Dr. House.",
        "DR. SMITH ARRIVE.",
        "Jean-Marie dit J.-M. Le Pen, puis J. A. Smith et J. C. Martin.",
        "After U.S. Military Strikes the U.K. Parliament votes.",
        "It is 10 a.m. Monday, i.e. Putin sleeps.",
        "Voir no. 5, p. 12, vol. 3 et art. 7.",
        "On Oct. 23 he posted it.",
        "Apple Inc. CEO Tim Cook came with Donald Trump Jr. Monday.",
        "Cf. Le Monde vs. Reuters.",
        "Pi vaut 3.14159 et 1.000.000 est grand.",
        "Il lit lemonde.fr et U.S.A.Today.",
        "Et il décide… de ne rien faire.",
        "Il part (…) Trump reste […] Maduro (...) Poutine parle.",
        "Il dit : « … Nous partons.",
        "2. Le contexte",
        "IV. Les conséquences",
        "a. Le début",
        "Réf. : Trump parle ; etc. ; Le reste ?, Alors.",
        "« Viens ! » dit-il.",
        "« Qui vient ? », Trump demande.",
    ],
)
def test_keeps_together_what_an_abbreviation_a_number_or_an_ellipsis_seems_to_part(
    text: str,
) -> None:
    assert cut(text) == [text]


def test_an_abbreviation_ends_a_sentence_before_a_word_that_begins_one() -> None:
    assert cut(
        "In the U.S. The president left at 10 a.m. He flew with Apple Inc. Le vol dura."
    ) == [
        "In the U.S.",
        "The president left at 10 a.m.",
        "He flew with Apple Inc.",
        "Le vol dura.",
    ]


@pytest.mark.parametrize("gap", [" ", "\u00a0", "\u202f", ""])
def test_a_closing_guillemet_belongs_to_the_sentence_that_it_ends(gap: str) -> None:
    text = f"Il dit : «{gap}Nous partons.{gap}» Il part. «{gap}Viens{gap}!{gap}» Elle vient."
    assert cut(text) == [
        f"Il dit : «{gap}Nous partons.{gap}»",
        "Il part.",
        f"«{gap}Viens{gap}!{gap}»",
        "Elle vient.",
    ]


def test_nested_and_unbalanced_quotes_are_closed_where_they_are() -> None:
    assert cut("Il lit « un titre « double. » » Puis il dort. » Il « rêve. Et » il rit.") == [
        "Il lit « un titre « double. » »",
        "Puis il dort. »",
        "Il « rêve.",
        "Et » il rit.",
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\u2028"])
def test_never_crosses_a_line_break(newline: str) -> None:
    assert cut(f"Un titre{newline}{newline}la suite, sans point{newline} ") == [
        "Un titre",
        "la suite, sans point",
    ]


@pytest.mark.parametrize("text", ["", " \n\u00a0\n\t", "\u202f"])
def test_white_space_is_no_sentence(text: str) -> None:
    assert cut(text) == []


@pytest.mark.parametrize("text", ["———", "…", "« »", ". . .", "🙂"])
def test_a_line_without_words_is_one_sentence(text: str) -> None:
    assert cut(f" {text} ") == [text]


@given(prose)
def test_spans_are_sorted_disjoint_stripped_and_within_a_line(text: str) -> None:
    spans = sentences(text)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    for span in spans:
        sentence = text[span.start : span.end]
        assert sentence == sentence.strip() != ""
        assert len(sentence.splitlines()) == 1


@given(prose)
def test_every_character_but_white_space_is_in_a_sentence(text: str) -> None:
    covered = {at for span in sentences(text) for at in range(span.start, span.end)}
    assert all(at in covered for at, char in enumerate(text) if not char.isspace())


@given(prose)
def test_a_line_with_words_has_words_in_each_sentence(text: str) -> None:
    # A stray quotation mark or dash is never offered as a sentence beside real ones.
    for line in text.splitlines():
        parts = cut(line)
        assert len(parts) <= 1 or all(any(c.isalnum() for c in part) for part in parts)


@given(prose, prose)
def test_lines_are_cut_independently(first: str, second: str) -> None:
    assert cut(f"{first}\n{second}") == cut(first) + cut(second)


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        (
            "direct-call",
            [
                "« Personne ne prévoit d’entrer et de lui tirer dessus ou de l’enlever — à ce "
                "stade.",
                "Je ne dirais pas jamais, mais ce n’est pas le plan pour l’instant », a déclaré un "
                "responsable au courant des discussions.",
                "« En attendant, nous allons faire exploser des bateaux transportant de la drogue.",
                "Elles visent à arrêter le narcotrafic », ajoutant que « si Maduro part, nous ne "
                "verserions pas une larme ».",
                "Image générée par IA",
                "Refuser",
            ],
        ),
        (
            "gang-expertise",
            [
                "« Cette administration [Biden] ne voulait pas travailler sérieusement.",
                "J’ai proposé à ce gouvernement de travailler sur la question : «\u00a0nous allons "
                "nous coordonner pour lutter contre les gangs et les réseaux criminels\u00a0».",
                "Nous avons toujours eu cette volonté et nous l’avons toujours », a-t-il déclaré.",
                "La position de D. Trump sur le Venezuela reste à ce jour assez floue.",
            ],
        ),
        (
            "moscow-pillar",
            [
                "Et Poutine qui lit cette lettre et qui décide… de ne rien faire.",
                "The Atlantic Council, «\u00a0The US capture of Maduro reveals Russia’s "
                "weakness\u00a0», par John E. Herbst, publié le 5 janvier 2026.",
                "The Moscow Times, «\u00a0Russia Demands Release of Maduro After U.S. Military "
                "Strikes Venezuela\u00a0», publié le 3 janvier 2026.",
                "C’est froid.",
                "0 0 votes",
            ],
        ),
        (
            "kremlin-silence",
            [
                "Le Kremlin rompt enfin un silence pesant.",
                "« On ne peut pas soutenir un État qui s’effondre de l’intérieur », a-t-il "
                "déclaré, rejetant ainsi toute responsabilité russe dans la chute de Nicolás "
                "Maduro, capturé par les États-Unis le 3 janvier 2026.",
            ],
        ),
        (
            "cancelled-strikes",
            [
                "Des discussions seraient en cours avec de grandes compagnies énergétiques "
                "américaines en vue de moderniser les infrastructures et de favoriser de nouveaux "
                "investissements dans ce secteur clé pour l’économie du pays.",
                "En interne, la stratégie américaine fait débat.",
            ],
        ),
    ],
)
def test_the_documents_are_cut_into_the_sentences_a_reader_sees(
    slug: str, expected: list[str]
) -> None:
    parts = cut(document(slug))
    assert [part for part in expected if part not in parts] == []


@pytest.mark.parametrize("path", sorted(DOCUMENTS.glob("*.txt")), ids=lambda path: path.stem)
def test_no_sentence_of_a_document_begins_small_or_with_a_closing_mark(path: Path) -> None:
    text = path.read_bytes().decode()
    starts_of_lines = {line.strip() for line in text.splitlines()}
    for part in cut(text):
        is_inside = not any(line.startswith(part) for line in starts_of_lines)
        assert not (is_inside and (part[0].islower() or part[0] in "»”).,;:!?…")), part
