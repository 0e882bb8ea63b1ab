"""An error carries its words, as a message that can be said in the reader's language."""

from __future__ import annotations

import ast

import run
from quiz.domain.errors import BadInput, Conflict, NotFound
from quiz.domain.message import msg

# Which argument has the words.
WORDS_AT = {"BadInput": 1, "Conflict": 0, "UnclearQuote": 0, "NotWhole": 0, "choice_in": 3}


def made_in(source: str) -> list[tuple[str, ast.expr]]:
    """The errors that a module makes, or has made for a choice: name and words of each."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            function = node.func
            name = function.attr if isinstance(function, ast.Attribute) else ast.unparse(function)
            if name in WORDS_AT:
                found.append((name, node.args[WORDS_AT[name]]))
    return found


def is_message(words: ast.expr) -> bool:
    """Whether these are words by their name, or told in place; type checking sees to the rest."""
    if isinstance(words, ast.Call):
        return isinstance(words.func, ast.Name) and words.func.id == "msg"
    return isinstance(words, ast.Name | ast.Attribute | ast.Subscript)


def test_every_error_is_made_with_a_message() -> None:
    places = {
        path.relative_to(run.ROOT): made_in(path.read_text(encoding="utf-8"))
        for path in (run.ROOT / "quiz").rglob("*.py")
    }
    made = [(path, name, words) for path, found in places.items() for name, words in found]
    assert {name for _, name, _ in made} == set(WORDS_AT)
    bare = [(path, name, ast.unparse(w)) for path, name, w in made if not is_message(w)]
    assert not bare


def test_an_error_without_a_message_is_seen() -> None:
    (_, code), (_, words), (_, named) = made_in(
        'raise BadInput("name", "name_taken")\n'
        'raise errors.Conflict(msg("Taken."))\n'
        'raise BadInput("name", names.TAKEN)\n'
    )
    assert (is_message(code), is_message(words), is_message(named)) == (False, True, True)


def test_an_error_has_its_field_and_its_message() -> None:
    taken = msg("Somebody has the name {name}.", name="Ann")
    refused = BadInput("name", taken)
    assert (refused.field, refused.message, str(refused)) == ("name", taken, taken)
    assert Conflict(taken).message is taken
    assert NotFound("Ann").message is None
