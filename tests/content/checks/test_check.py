"""The checker as authors run it, and the verdict of the checks over a whole library."""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle
from typing import Any

import pytest

from quiz.content.__main__ import main
from quiz.content.checks.check import check, played_questions
from quiz.domain.verdict import Verdict

Builder = Callable[..., dict[str, Any]]
RULES = {Verdict.TRUE: "T1", Verdict.FALSE: "F1", Verdict.UNVERIFIED: "U1"}
NAMES = ("Ana", "Bruno", "Chloé", "David", "Elsa", "Farid", "Gaël", "Hugo", "Inès", "Jade", "Karim")
DOINGS = ("ouvre le musée", "longe une rivière", "visite cette école", "quitte son bureau", "lit")


@pytest.fixture
def sixty(make_question: Builder, in_both: Builder) -> Callable[..., list[dict[str, Any]]]:
    """Sixty questions; claims of the unverified ones end with the cue."""

    def build(cue: str) -> list[dict[str, Any]]:
        made = []
        for n, verdict in zip(range(60), cycle(Verdict), strict=False):
            # Coprime strides: neither names nor doings go with a verdict.
            claim = f"{NAMES[n % 11]} {DOINGS[n % 5]} avec {'xyzw'[n % 4] * 9} {NAMES[n * 3 % 7]}"
            claim += f" {cue}" if verdict is Verdict.UNVERIFIED else ""
            made.append(
                make_question(
                    id=f"q{n}", claim=in_both(claim, claim + "."), verdict=verdict.value,
                    rule=RULES[verdict],
                )
            )  # fmt: skip
        return made

    return build


def guessable(folder: Any) -> list[str]:
    return [str(p) for p in check(folder.load()) if "can be guessed" in p.message]


def test_claims_that_give_the_verdict_away_are_an_error(folder: Any, sixty: Any) -> None:
    folder.write_set("bridge", sixty("paraît-il"))
    problems = guessable(folder)
    assert len(problems) == 2
    assert all(": error: " in problem and "paraît-il" in problem for problem in problems)


def test_claims_without_cues_are_not_an_error(folder: Any, sixty: Any) -> None:
    folder.write_set("bridge", sixty(""))
    assert guessable(folder) == []


def test_examples_may_show_their_verdict(folder: Any, sixty: Any) -> None:
    folder.write_set("bridge", sixty("paraît-il"), examples="true")
    assert guessable(folder) == []
    assert played_questions(folder.load()) == []


def test_few_claims_are_judged_mildly(folder: Any, sixty: Any) -> None:
    folder.write_set("bridge", sixty("paraît-il")[:30])
    assert all(": warning: " in problem for problem in guessable(folder))
    assert guessable(folder)


def test_claims_that_look_different_by_verdict_are_told_by_set_and_over_all(
    folder: Any, sixty: Any
) -> None:
    folder.write_set("bridge", sixty("et ne revient jamais, ni demain ni un autre jour, dit-on"))
    messages = [problem.message for problem in folder.warnings()]
    assert any(m.startswith("the verdicts can be told apart (fr) by mean length") for m in messages)
    assert any(m.startswith("over all sets the verdicts can be told apart (en)") for m in messages)


def test_a_good_folder_exits_with_0_and_prints_the_report(
    folder: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(folder.path)]) == 0
    printed = capsys.readouterr().out
    assert "bridge" in printed
    assert "guessed from the claim alone" in printed
    assert printed.endswith("0 errors, 2 warnings\n")


def test_an_error_is_printed_with_its_place_and_exits_with_1(
    folder: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.write("sets/broken.yaml", "a: *b")
    assert main([str(folder.path)]) == 1
    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith("sets/broken.yaml:1:4: error: ")
    assert " — mend: " in first


def test_a_set_that_is_left_out_is_marked_in_the_report(
    folder: Any, questions: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.write_set("bridge", questions, documents=["bridge", "gone"])
    assert main([str(folder.path)]) == 1
    assert "(left out)" in capsys.readouterr().out


def test_the_schema_is_written_on_demand(folder: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(folder.path)]) == 0
    assert not (folder.path / "schema.json").exists()
    assert main([str(folder.path), "--write-schema"]) == 0
    assert (folder.path / "schema.json").exists()
    assert capsys.readouterr().out
