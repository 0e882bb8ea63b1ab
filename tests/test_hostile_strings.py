"""What reads text from outside takes any string, or refuses it by name."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from werkzeug.datastructures import MultiDict

from quiz.domain import codes
from quiz.domain.answer import Look
from quiz.domain.differences import Op, word_changes
from quiz.domain.errors import INCOMPLETE_FORM, BadInput
from quiz.domain.merge import field_digest
from quiz.domain.quote import Quote, locate
from quiz.domain.sentences import sentences
from quiz.services.accounts import players
from quiz.views.desk import editor_form
from quiz.web import forms
from tests.hostile_strings import STRINGS

TEXTS = [
    pytest.param(text, id=f"{kind} {n}")
    for kind, texts in STRINGS.items()
    for n, text in enumerate(texts)
]
ANSWER = {"look": "final", "verdict": "true", "confidence": "2", "pointer": "none", "key": "k"}
READERS: dict[str, Callable[[str], object]] = {
    "a code": codes.normalise,
    # A form's bytes are decoded with replacement, so no field holds half a pair.
    "a digest": lambda text: field_digest(text.encode("utf-8", "replace").decode()),
    "a name": players.usable_name,
    "a name's key": players.name_key,
    "a passphrase": players.check_passphrase,
    "a choice": lambda text: forms.choice_in({"look": text}, Look, "look", INCOMPLETE_FORM),
    "a key": lambda text: forms.key_in({"key": text}),
    **{
        f"an answer's {name}": lambda text, name=name: forms.answer_in({**ANSWER, name: text})
        for name in ANSWER
    },
    "a passage": editor_form.passage_in,
    "the editor's form": lambda text: editor_form.typed(
        MultiDict({f"base.{text}": text, text: text, "act": text, "base.skills": text})
    ),
    "a text to cut": sentences,
}


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("name", READERS)
def test_any_string_is_read_or_refused_by_name(name: str, text: str) -> None:
    with suppress(BadInput):
        READERS[name](text)


@pytest.mark.parametrize("text", TEXTS)
def test_a_usable_name_has_no_hidden_or_structural_signs(text: str) -> None:
    with suppress(BadInput):
        name, key = players.usable_name(text)
        assert name.isprintable()
        assert not set(name) & set('<>"&=@%{}\u200b\u202e')
        assert players.name_key(name) == key


@pytest.mark.parametrize("text", [param for param in TEXTS if "megabyte" not in str(param.id)])
def test_no_string_changes_on_its_way_through_a_comparison(text: str) -> None:
    parts = word_changes("before", text)
    assert "".join(part.words for part in parts if part.op is not Op.REMOVED) == text


@pytest.mark.parametrize("text", TEXTS)
def test_any_string_is_found_where_it_stands_once(text: str) -> None:
    span = locate(Quote(text), f"[{text}]")
    assert span is None if not text else (span and (span.start, span.end) == (1, 1 + len(text)))
