"""Near misses: one element altered, plausible, in the same format; names only of the article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.content.format.library import Library
from quiz.content.writing.near_numbers import near_number
from quiz.content.writing.proper_names import Name, NameSort, names_in
from quiz.content.writing.suggest import suggestions
from quiz.content.writing.variants import MAX_VARIANTS, Variant, VariantKind, variants
from quiz.domain.question_set import Region, RegionKind, SourceDocument
from quiz.domain.quote import Span
from quiz.domain.verdict import Rule
from tests.shipped import SHIPPED

AXIOS = "Selon Axios, 21 frappes ont tué au moins 83 personnes."


@pytest.fixture(scope="module")
def library() -> Library:
    return SHIPPED


def a_document(text: str, language: str = "fr", comments: str = "") -> SourceDocument:
    """An article, with readers' comments behind it."""
    whole, both = text + comments, dict[str, str]()
    regions = [Region(RegionKind.ARTICLE, Span(0, len(text)))]
    if comments:
        regions.append(Region(RegionKind.COMMENTS, Span(len(text), len(whole))))
    return SourceDocument("one", whole, both, both, both, both, language, tuple(regions))


def afters(sentence: str, before: str, language: str = "fr", *names: Name) -> list[str]:
    """What one element becomes, the best first."""
    return [v.after for v in variants(sentence, language, names) if v.before == before]


def sentences_of(found: tuple[Variant, ...], kind: str) -> list[str]:
    return [v.sentence for v in found if v.kind == kind]


@pytest.mark.parametrize(
    ("sentence", "before", "expected"),
    [
        (AXIOS, "21", ["12", "31", "24"]),
        (AXIOS, "83", ["38", "93", "86"]),
        ("Il a 400 accords.", "400", ["500", "300"]),
        ("Il a 1\u202f200 accords.", "1\u202f200", ["2\u202f100", "2\u202f200", "1\u202f500"]),
        ("Il a perdu 3,5 kg.", "3,5", ["5,3", "4,5", "3,8"]),
        ("Il a perdu 0,5 kg.", "0,5", ["0,6", "0,4"]),
        ("Soit 98 % des voix.", "98", ["89", "95", "88"]),
        ("Soit 100 % des voix.", "100", []),
        ("Soit 0 001 % des voix.", "0 001", []),
        ("Les quatre accords.", "quatre", ["cinq", "trois", "six"]),
        ("Une dizaine de blessés.", "dizaine", ["vingtaine"]),
        ("Des centaines de blessés.", "centaines", ["milliers", "dizaines"]),
        ("Le quatre-vingt-dix-neuf rue.", "quatre-vingt-dix-neuf", ["quatre-vingt-dix-huit"]),
        ("La deuxième fois.", "deuxième", ["troisième"]),
        ("Le premier ministre parle.", "premier", []),
        ("Le missile S-300 est russe.", "300", []),
        ("Le dossier 2025-26.", "2025", []),
    ],
)
def test_numbers_stay_plausible_and_keep_their_format(
    sentence: str, before: str, expected: list[str]
) -> None:
    assert afters(sentence, before) == expected


@pytest.mark.parametrize(
    ("sentence", "before", "expected"),
    [
        ("It has 1,200 cars.", "1,200", ["2,100", "2,200", "1,500"]),
        ("About 99.5% of them.", "99.5", ["99.8", "89.5"]),
        ("It has twenty-one cars.", "twenty-one", ["twenty-two", "twenty", "twenty-three"]),
        ("Two hundred and five cars.", "five", ["six", "four", "seven"]),
        ("Four cars.", "Four", ["Five", "Three", "Six"]),
        ("On 1st June it rained.", "1st", ["2nd"]),
        ("On March 3, it rained.", "3", ["4", "2"]),
        ("On March 3, it rained.", "March", ["April", "February"]),
        ("It may rain and they march.", "may", []),
        ("On Monday it rained.", "Monday", ["Tuesday", "Sunday"]),
        ("More than 400 cars.", "More than", ["Nearly", "Fewer than"]),
    ],
)
def test_english_has_its_own_words(sentence: str, before: str, expected: list[str]) -> None:
    assert afters(sentence, before, "en") == expected


@pytest.mark.parametrize(
    ("sentence", "before", "expected"),
    [
        ("Le 3 janvier 2026, il pleut.", "3", ["4", "2"]),
        ("Le 3 janvier 2026, il pleut.", "janvier", ["février", "décembre"]),
        ("Le 3 janvier 2026, il pleut.", "2026", ["2025", "2027", "2024", "2028"]),
        ("Le 1er mai, il pleut.", "1er", ["2"]),
        ("Le 2 mai, il pleut.", "2", ["3", "1er"]),
        ("Le 31 janvier, il pleut.", "31", ["30"]),
        ("Le 31 janvier, il pleut.", "janvier", ["décembre"]),
        ("Le mois d’octobre.", "octobre", []),
        ("Le mois de juillet.", "juillet", ["juin"]),
        ("La planète mars est rouge.", "mars", []),
        ("Il a plu lundi.", "lundi", ["mardi", "dimanche"]),
        ("Le 2026-01-31, il pleut.", "2026-01-31", ["2026-02-01", "2026-01-30"]),
        ("Le 2026-13-31, il pleut.", "2026-13-31", []),
    ],
)
def test_dates_move_to_a_neighbour_that_exists(
    sentence: str, before: str, expected: list[str]
) -> None:
    assert afters(sentence, before) == expected


@pytest.mark.parametrize(
    ("sentence", "language", "expected"),
    [
        ("Ce n’est pas le plan pour l’instant.", "fr", "Ce n’est pas le plan."),
        ("Personne ne l’enlève — à ce stade.", "fr", "Personne ne l’enlève."),
        ("Cela repose, selon lui, sur un accord.", "fr", "Cela repose sur un accord."),
        ("Pour l’instant, il attend.", "fr", "Il attend."),
        ("Selon lui, l’armée a cédé.", "fr", "L’armée a cédé."),
        ("Il attend, pour l’instant, et dort.", "fr", "Il attend et dort."),
        ("« À ce stade, il attend. »", "fr", "« Il attend. »"),
        ("So far, nobody was hurt.", "en", "Nobody was hurt."),
        ("Nobody was hurt, so far.", "en", "Nobody was hurt."),
        ("He is allegedly the boss.", "en", "He is the boss."),
    ],
)
def test_a_limit_is_left_out_without_a_trace(sentence: str, language: str, expected: str) -> None:
    [one] = [v for v in variants(sentence, language) if v.kind is VariantKind.LIMIT]
    assert one.sentence == expected
    assert (one.rule, one.skill) == (Rule.F3, "missing_context")


def test_a_bound_is_turned_only_before_a_number() -> None:
    assert afters("Plus de 400 accords.", "Plus de") == ["Près de", "Moins de"]
    assert afters("Il habite près de Lyon.", "près de") == []


def test_names_are_sorted_by_cues() -> None:
    text = (
        "Donald Trump a parlé à Reuters. Le maire Zorglub vit à Moscou, loin de la Russie. "
        "Trump cite l’OTAN. Depuis Paris, le Cartel du Nord se tait. Demain il pleut."
    )
    sorts = {name.text: name.sort for name in names_in(a_document(text))}
    assert sorts == {
        "Donald Trump": NameSort.PERSON,
        "Trump": NameSort.PERSON,
        "Zorglub": NameSort.PERSON,
        "Reuters": NameSort.ORGANISATION,
        "OTAN": NameSort.ORGANISATION,
        "Cartel du Nord": NameSort.ORGANISATION,
        "Moscou": NameSort.PLACE,
        "Paris": NameSort.PLACE,
        "Russie": NameSort.PLACE,
    }


def test_a_name_is_exchanged_for_one_of_its_sort_and_form() -> None:
    text = "Donald Trump et Joe Biden vont de Moscou à Paris, en Russie, puis en Ukraine."
    found = names_in(a_document(text))
    assert afters("Donald Trump va à Moscou.", "Moscou", "fr", *found) == ["Paris"]
    assert afters("Donald Trump va à Moscou.", "Donald Trump", "fr", *found) == ["Joe Biden"]
    assert afters("La guerre de Russie.", "Russie", "fr", *found) == []  # "d’Ukraine"


def test_another_speaker_hints_at_misattribution() -> None:
    found = names_in(a_document(f"{AXIOS} Reuters et Axios se taisent."))
    [one] = [v for v in variants(AXIOS, "fr", found) if v.kind is VariantKind.ATTRIBUTION]
    assert one.sentence == AXIOS.replace("Axios", "Reuters")
    assert (one.rule, one.skill) == (Rule.F2, "misattribution")


def test_no_variant_moves_an_accusation_to_somebody_else() -> None:
    found = names_in(a_document("Donald Trump et Joe Biden se taisent à Paris et à Rome."))
    changed = variants("Donald Trump est accusé de corruption à Paris.", "fr", found)
    assert [v.before for v in changed] == ["Paris"]


def test_names_of_readers_who_comment_are_never_put_in(library: Library) -> None:
    document = a_document("Donald Trump se tait.\n", comments="Joe Biden Zorglub est laid.\n")
    assert [name.text for name in names_in(document)] == ["Donald Trump"]
    pillar = library.documents["moscow-pillar"]
    names = names_in(pillar)
    assert "Bardizbanian" in pillar.text
    for one in suggestions(pillar):
        assert not any("Bardizbanian" in v.sentence for v in variants(one.quote.exact, "fr", names))


def test_every_element_comes_once_before_any_comes_twice() -> None:
    befores = [v.before for v in variants(AXIOS, "fr")]
    assert befores[:3] == ["21", "83", " au moins"]


def test_another_language_has_numbers_altered() -> None:
    assert afters("Das kostet 1.200 Euro.", "1.200", "de") == ["2.100", "2.200", "1.500"]


WORDS = (
    "21|1,5|3|1er|janvier|2026|lundi|plus de|quatre|cents|pour l’instant|,|.|«|»|—|selon|Axios|"
    "lui|d’|March|31|so far|at least|%|Paris|Moscou|(|1\u202f200|soixante|premier|selon lui"
)
PIECES = st.sampled_from(WORDS.split("|"))
SENTENCES = st.one_of(st.text(max_size=120), st.lists(PIECES, max_size=25).map(" ".join))
NAMES = (
    Name("Axios", NameSort.ORGANISATION, "outlet"),
    Name("Reuters", NameSort.ORGANISATION, "outlet"),
    Name("Paris", NameSort.PLACE, "3"),
    Name("Moscou", NameSort.PLACE, "3"),
)


@given(SENTENCES, st.sampled_from(["fr", "en", "de"]))
def test_a_variant_differs_in_one_stretch_and_keeps_everything_else(
    sentence: str, language: str
) -> None:
    found = variants(sentence, language, NAMES)
    assert len(found) <= MAX_VARIANTS
    assert len({v.sentence for v in found}) == len(found)
    for one in found:
        assert one.sentence != sentence
        assert one.before != one.after
        places = range(len(sentence) - len(one.before) + 1)
        assert any(
            sentence.startswith(one.before, at)
            and one.sentence == sentence[:at] + one.after + sentence[at + len(one.before) :]
            for at in places
        )
    assert found == variants(sentence, language, NAMES)


@given(st.from_regex(r"[1-9][0-9]{0,2}([ ,.][0-9]{3}){0,2}", fullmatch=True))
def test_a_near_number_has_the_format_of_the_number(written: str) -> None:
    for near in near_number(written):
        assert near != written
        assert [c for c in near if not c.isdigit()] == [c for c in written if not c.isdigit()]
        assert len(near) == len(written)
        assert near[0] != "0"


@given(st.text(max_size=300), st.sampled_from(["fr", "en", "de"]))
def test_any_text_has_names_or_none(text: str, language: str) -> None:
    for name in names_in(a_document(text, language)):
        assert name.text in text
