"""A selection in the browser is the passage that the server finds in the document's text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from quiz.domain.quote import Quote, Span, occurrences
from quiz.services.desk.quoting import LONGEST

Script = Callable[..., Any]

SELECTED = """(([lines, from, to]) => {
  const documents = document.createElement("section");
  const paper = documents.appendChild(document.createElement("article"));
  paper.dataset.document = "harbour";
  for (const { start, runs } of lines) {
    const line = paper.appendChild(document.createElement("p"));
    line.dataset.start = start;
    for (const run of runs) line.appendChild(document.createElement("span")).textContent = run;
  }
  document.body.replaceChildren(documents);
  const point = ([line, run, characters]) => {
    const node = paper.children[line].children[run].firstChild;
    return [node, [...node.data].slice(0, characters).join("").length];
  };
  getSelection().setBaseAndExtent(...point(from), ...point(to));
  const found = m.selectedPassage(getSelection(), documents);
  return found && { slug: found.slug, start: found.start, end: found.end };
})(given)"""


@dataclass(frozen=True, slots=True)
class Point:
    """A place in a document as a page shows it: its line, the run of text there, and the character
    in the run.
    """

    line: int
    run: int
    character: int


runs = st.text(alphabet="ab é’\u00a0😀𝔸\u0301", min_size=1, max_size=6)
documents = st.lists(st.lists(runs, min_size=1, max_size=3), min_size=1, max_size=4)


@st.composite
def selections(draw: st.DrawFn) -> tuple[list[list[str]], Point, Point]:
    """A document, its lines cut into runs, and two points of it."""
    lines = draw(documents)

    def point() -> Point:
        line = draw(st.integers(0, len(lines) - 1))
        run = draw(st.integers(0, len(lines[line]) - 1))
        return Point(line, run, draw(st.integers(0, len(lines[line][run]))))

    return lines, point(), point()


def offset(lines: list[list[str]], point: Point) -> int:
    """The place in the text as the server counts."""
    before = sum(len("".join(line)) + 1 for line in lines[: point.line])
    return before + len("".join(lines[point.line][: point.run])) + point.character


def select(script: Script, lines: list[list[str]], first: Point, second: Point) -> Any:
    """The passage that the script finds, selected by dragging from one point to the other."""
    starts = [offset(lines, Point(number, 0, 0)) for number in range(len(lines))]
    shown = [{"start": start, "runs": line} for start, line in zip(starts, lines, strict=True)]
    places = [[point.line, point.run, point.character] for point in (first, second)]
    return script("desk/passage.js", SELECTED, shown, *places)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(selections())
@example(([[" \u0301"]], Point(0, 0, 0), Point(0, 0, 1)))  # half of a letter, and a space
def test_a_selection_is_the_span_that_the_server_counts(
    script: Script, chosen: tuple[list[list[str]], Point, Point]
) -> None:
    lines, first, second = chosen
    text = "\n".join("".join(line) for line in lines)
    span = Span(*sorted((offset(lines, first), offset(lines, second))))

    found = select(script, lines, first, second)

    words = text[span.start : span.end]
    if words.strip() or "\n" in words:
        assert found == {"slug": "harbour", "start": span.start, "end": span.end}
        assert span in occurrences(Quote(words), text)
    else:
        assert found is None


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (Point(0, 0, 2), Point(0, 0, 5), "😀 b"),
        (Point(0, 0, 4), Point(1, 0, 2), "b d\nxy"),
        (Point(1, 0, 2), Point(0, 0, 4), "b d\nxy"),
        (Point(0, 0, 0), Point(1, 1, 1), "a 😀 b d\nxy𝔸"),
    ],
    ids=["behind an emoji", "over a line's end", "from its end to its beginning", "everything"],
)
def test_places_are_counted_in_characters(
    script: Script, first: Point, second: Point, words: str
) -> None:
    lines = [["a 😀 b d"], ["xy", "𝔸"]]
    text = "\n".join("".join(line) for line in lines)

    found = select(script, lines, first, second)

    assert text[found["start"] : found["end"]] == words


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ((10, ""), (10, "abc"), {"start": 10, "end": 13}),
        ((10, "😀"), (20, ""), {"start": 11, "end": 20}),
        ((10, "abc"), (10, "abc"), None),
        ((20, ""), (10, "abc"), None),
    ],
)
def test_a_passage_lies_between_two_points(
    script: Script, before: tuple[int, str], after: tuple[int, str], expected: object
) -> None:
    points = [{"start": start, "before": text} for start, text in (before, after)]
    assert script("desk/passage.js", "m.passageBetween(...given)", *points) == expected


def test_a_selection_in_two_documents_is_no_passage(script: Script) -> None:
    found = script(
        "desk/passage.js",
        """(() => {
          const documents = document.createElement("section");
          for (const slug of ["one", "two"]) {
            const paper = documents.appendChild(document.createElement("article"));
            paper.dataset.document = slug;
            const line = paper.appendChild(document.createElement("p"));
            line.dataset.start = 0;
            line.textContent = "words";
          }
          document.body.replaceChildren(documents);
          const [one, two] = documents.querySelectorAll("p");
          const select = (...points) => {
            getSelection().setBaseAndExtent(...points);
            return m.selectedPassage(getSelection(), documents)?.slug ?? null;
          };
          return [
            select(one.firstChild, 1, two.firstChild, 2),
            select(two.firstChild, 1, two.firstChild, 2),
            select(one.firstChild, 2, one.firstChild, 2),
          ];
        })()""",
    )
    assert found == [None, "two", None]


def test_a_passage_may_be_as_long_as_the_server_takes(script: Script) -> None:
    lengths = [{"start": 5, "end": 5 + length} for length in (LONGEST, LONGEST + 1)]
    assert script("desk/passage.js", "given.map(m.isTooLong)", *lengths) == [False, True]
