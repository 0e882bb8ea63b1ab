"""Autosave from two tabs: every field by itself, and nothing typed is lost."""

from __future__ import annotations

import re
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.domain.merge import FieldConflict, field_digest, merge

FIELDS = ("claim", "rule", "as_of", "note")
Values = dict[str, str]

# Few values, so that sides often meet; line ends of both kinds.
texts = st.sampled_from(["", "a", "b", "a\nb", "a\r\nb", "a\rb", "é ’"])
whole = st.fixed_dictionaries(dict.fromkeys(FIELDS, texts))
part = st.dictionaries(st.sampled_from(FIELDS), texts)


def lines(values: Values) -> Values:
    return {name: value.replace("\r\n", "\n").replace("\r", "\n") for name, value in values.items()}


def digests(values: Values) -> Values:
    return {name: field_digest(value) for name, value in values.items()}


BASE = {"claim": "It rains.", "rule": "T1"}


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        ("It rains.", "It rains.", "It rains."),
        ("It pours.", "It rains.", "It pours."),
        ("It rains.", "It snows.", "It snows."),
        ("It pours.", "It pours.", "It pours."),
        ("", "It rains.", ""),
    ],
    ids=["nobody", "me", "them", "both the same", "emptied"],
)
def test_a_field_goes_with_the_side_that_changed_it(mine: str, theirs: str, expected: str) -> None:
    merged = merge(digests(BASE), {**BASE, "claim": mine}, {**BASE, "claim": theirs})
    assert (merged.values, merged.conflicts) == ({**BASE, "claim": expected}, ())


def test_a_field_changed_by_both_is_a_conflict_and_what_is_stored_stays() -> None:
    merged = merge(digests(BASE), {**BASE, "claim": "It pours."}, {**BASE, "claim": "It snows."})
    assert merged.values == {**BASE, "claim": "It snows."}
    assert merged.conflicts == (FieldConflict("claim", "It pours.", "It snows."),)


def test_a_conflict_in_one_field_does_not_hold_up_another() -> None:
    merged = merge(
        digests(BASE), {"claim": "It pours.", "rule": "U1"}, {**BASE, "claim": "It snows."}
    )
    assert merged.values == {"claim": "It snows.", "rule": "U1"}
    assert [conflict.field for conflict in merged.conflicts] == ["claim"]


def test_a_field_that_the_form_leaves_out_is_left_alone() -> None:
    assert merge(digests(BASE), {"rule": "U1"}, BASE).values == {**BASE, "rule": "U1"}


def test_a_field_that_was_not_there_when_the_form_was_shown_was_empty() -> None:
    assert merge({}, {"note": "new"}, BASE).values == {**BASE, "note": "new"}
    assert merge({}, {"note": "new"}, {"note": "other"}).conflicts == (
        FieldConflict("note", "new", "other"),
    )


def test_words_for_a_field_that_somebody_took_away_meanwhile_are_a_conflict() -> None:
    merged = merge(digests(BASE), {"claim": "It pours."}, {"rule": "T1"})
    assert merged.values == {"rule": "T1"}
    assert merged.conflicts == (FieldConflict("claim", "It pours.", ""),)


def test_a_field_that_somebody_took_away_stays_away_if_nothing_was_typed() -> None:
    merged = merge(digests(BASE), BASE, {"rule": "T1"})
    assert (merged.values, merged.conflicts) == ({"rule": "T1"}, ())


def test_a_browsers_line_ends_are_no_change() -> None:
    stored = {"claim": "One.\nTwo."}
    merged = merge(digests(stored), {"claim": "One.\r\nTwo."}, {"claim": "Three."})
    assert (merged.values, merged.conflicts) == ({"claim": "Three."}, ())
    assert merge(digests(stored), {"claim": "A\r\nB"}, stored).values == {"claim": "A\nB"}


def test_a_digest_is_16_hex_digits_of_sha_256() -> None:
    assert field_digest("a\r\nb") == sha256(b"a\nb").hexdigest()[:16]


@given(st.text())
def test_any_text_has_a_digest(value: str) -> None:
    assert re.fullmatch("[0-9a-f]{16}", field_digest(value))


@given(st.one_of(whole, part), part, part)
def test_nothing_typed_is_lost(base: Values, mine: Values, theirs: Values) -> None:
    merged = merge(digests(base), mine, theirs)
    conflicts = {c.field: c.mine for c in merged.conflicts}
    for name, typed in lines(mine).items():
        if typed != lines(base).get(name, ""):
            assert typed in (merged.values.get(name, ""), conflicts.get(name))


@given(st.one_of(whole, part), part, part)
def test_nothing_stored_is_lost_but_to_what_was_typed(
    base: Values, mine: Values, theirs: Values
) -> None:
    merged = merge(digests(base), mine, theirs)
    for name, stored in lines(theirs).items():
        if stored != lines(base).get(name, ""):
            assert merged.values[name] == stored
        else:
            assert merged.values[name] in (stored, lines(mine).get(name, stored))


@given(whole, whole, whole)
def test_without_conflict_it_does_not_matter_who_comes_first(
    base: Values, mine: Values, theirs: Values
) -> None:
    one, other = merge(digests(base), mine, theirs), merge(digests(base), theirs, mine)
    assert {c.field for c in one.conflicts} == {c.field for c in other.conflicts}
    if not one.conflicts:
        assert one.values == other.values


@given(st.one_of(whole, part), part, part)
def test_sending_a_form_twice_is_the_same_as_once(
    base: Values, mine: Values, theirs: Values
) -> None:
    once = merge(digests(base), mine, theirs)
    assert merge(digests(base), mine, dict(once.values)) == once
