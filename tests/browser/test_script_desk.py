"""What the desk's scripts work out without a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Script = Callable[..., Any]

UNITS = {"kb": "kB", "mb": "MB"}


@pytest.mark.parametrize("text", ["", "plain", "é’«»", "😀😀", "e\u0301", "𝔸\u200d😀"])
def test_characters_are_counted_as_the_server_counts_them(script: Script, text: str) -> None:
    assert script("characters.js", "m.length(...given)", text) == len(text)


@pytest.mark.parametrize(
    ("size", "language", "words"),
    [
        (0, "en", "1\u00a0kB"),
        (1, "en", "1\u00a0kB"),
        (1_499, "en", "1\u00a0kB"),
        (1_500, "en", "2\u00a0kB"),
        (999_499, "en", "999\u00a0kB"),
        (1_000_000, "en", "1\u00a0MB"),
        (2_550_000, "en", "2.6\u00a0MB"),
        (2_550_000, "fr", "2,6\u00a0MB"),
    ],
)
def test_a_size_is_said_in_few_digits(script: Script, size: int, language: str, words: str) -> None:
    assert script("desk/file_size.js", "m.sizeInWords(...given)", size, language, UNITS) == words


@pytest.mark.parametrize(
    ("key", "at", "to"),
    [
        ("ArrowDown", 0, 1),
        ("ArrowRight", 3, 4),
        ("ArrowRight", 4, 4),
        ("ArrowUp", 4, 3),
        ("ArrowLeft", 0, 0),
        ("Home", 3, 0),
        ("End", 0, 4),
        ("Enter", 2, None),
        ("constructor", 2, None),
    ],
)
def test_arrows_walk_from_end_to_end(script: Script, key: str, at: int, to: int | None) -> None:
    assert script("desk/arrows.js", "m.nextPlace(...given)", key, at, 5) == to


@pytest.mark.parametrize(("y", "at"), [(0, 0), (49, 0), (50, 1), (149, 1), (150, -1), (900, -1)])
def test_a_dragged_question_lands_where_the_pointer_is(script: Script, y: int, at: int) -> None:
    boxes = [{"top": 0, "height": 100}, {"top": 100, "height": 100}]
    assert script("desk/drop_place.js", "m.placeAt(...given)", y, boxes) == at


def test_the_page_scrolls_only_near_its_edges(script: Script) -> None:
    found = script("desk/drop_place.js", "given.map((y) => m.scrollBy(y, 800))", 59, 60, 740, 741)
    assert found == [-12, 0, 0, 12]


@pytest.mark.parametrize(
    ("bottom", "right", "place"),
    [
        (100, 400, {"top": 108, "left": 300}),
        (790, 400, {"top": 752, "left": 300}),
        (-90, 20, {"top": 8, "left": 8}),
        (100, 1270, {"top": 108, "left": 972}),
    ],
    ids=["below", "at the bottom", "above the window", "at the right"],
)
def test_a_bar_stays_in_the_window(
    script: Script, bottom: int, right: int, place: dict[str, int]
) -> None:
    box, bar = {"bottom": bottom, "right": right}, {"width": 200, "height": 40}
    view = {"width": 1280, "height": 800}
    assert script("desk/bar_place.js", "m.placeBelow(...given)", box, bar, view) == place


# The rubric's questions, of which there are three, and a step without one.


def shown(script: Script, answers: list[list[object]], mode: str = "asking") -> dict[str, object]:
    """What is shown after these answers; the rule chosen, if any, is in the step of question 2."""
    found: dict[str, object] = script(
        "desk/rubric_steps.js",
        """((answers, mode) => {
          let progress = { ...m.START, mode };
          for (const [n, isYes] of answers) progress = m.answered(progress, n, isYes);
          const views = [0, 1, 2].map((n) => m.viewOf(progress, n, n === 2));
          const which = (what) => [0, 1, 2].filter((n) => views[n][what]);
          return {
            steps: which("isShown"), asked: which("isAsking"), rules: which("hasRules"),
            yes: which("isYes"), no: which("isNo"),
            other: m.viewOf(progress, -1, false).isShown, begun: m.hasBegun(progress),
          };
        })(...given)""",
        answers,
        mode,
    )
    return found


def view(steps: list[int], **others: object) -> dict[str, object]:
    """What is shown, as `shown` says it."""
    nothing = {"rules": [], "yes": [], "no": [], "other": True, "begun": True, "asked": [0, 1, 2]}
    return nothing | {"steps": steps} | others


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([], view([0], begun=False)),
        ([[0, False]], view([0, 1], no=[0])),
        ([[0, False], [1, True]], view([0, 1], no=[0], yes=[1], rules=[1])),
        ([[0, False], [1, False], [2, False]], view([0, 1, 2], no=[0, 1, 2])),
        ([[0, False], [1, False], [0, True]], view([0], yes=[0], rules=[0])),
    ],
    ids=["at first", "a no", "a yes", "only noes", "a no taken back"],
)
def test_one_question_leads_to_the_next(
    script: Script, answers: list[list[object]], expected: dict[str, object]
) -> None:
    assert shown(script, answers) == expected


def test_a_rule_chosen_before_is_shown_alone(script: Script) -> None:
    expected = view([2], rules=[0, 1, 2], asked=[], other=False)
    assert shown(script, [], "chosen") == expected


def test_all_rules_can_be_shown(script: Script) -> None:
    assert shown(script, [], "all") == view([0, 1, 2], rules=[0, 1, 2], asked=[])


# A claim that is read without its key


def radio(name: str, *, checked: bool, default: bool) -> dict[str, object]:
    """A radio button as the browser has it."""
    return {"type": "radio", "name": name, "checked": checked, "defaultChecked": default}


def note(value: str, default: str = "") -> dict[str, object]:
    """The box for a note."""
    return {"type": "textarea", "name": "note", "value": value, "defaultValue": default}


@pytest.mark.parametrize(
    ("fields", "is_unsaved"),
    [
        ([radio("verdict", checked=False, default=False), note("")], False),
        ([radio("verdict", checked=False, default=False), note("hm")], False),
        ([radio("verdict", checked=True, default=False), note("")], True),
        ([radio("verdict", checked=True, default=True), note("")], False),
        ([radio("verdict", checked=True, default=True), note("hm")], True),
        ([radio("verdict", checked=True, default=True), note("hm", "hm")], False),
    ],
    ids=["nothing", "a note alone", "a verdict", "saved", "a new note", "a saved note"],
)
def test_a_verdict_not_yet_saved_is_noticed(
    script: Script, fields: list[dict[str, object]], *, is_unsaved: bool
) -> None:
    assert script("desk/reading_form.js", "m.isUnsaved(given)", *fields) is is_unsaved
