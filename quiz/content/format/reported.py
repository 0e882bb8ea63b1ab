"""Problems as JSON, so that a process can hand them to another one that says them in French."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...domain.message import Message, msg
from .problems import Problem, Severity


def message_to_dict(text: str) -> dict[str, Any]:
    """The sentence as plain JSON values: its template and values. `message_from_dict` reads it."""
    if not isinstance(text, Message):
        return {"template": text, "values": {}}
    return {
        "template": text.template,
        "values": {name: _value(value) for name, value in text.values.items()},
    }


def message_from_dict(data: Mapping[str, Any]) -> Message:
    """The sentence that `message_to_dict` wrote. Raises KeyError on other data."""
    values = {
        name: message_from_dict(value) if isinstance(value, Mapping) else value
        for name, value in data["values"].items()
    }
    template: str = data["template"]
    return msg(template, **values)  # marked for translation where it was written


def problem_to_dict(problem: Problem) -> dict[str, Any]:
    """The problem as plain JSON values; `problem_from_dict` gives an equal problem back."""
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "severity": problem.severity.value,
        "message": message_to_dict(problem.message),
        "mend": message_to_dict(problem.fix),
        "path": list(problem.path),
    }


def problem_from_dict(data: Mapping[str, Any]) -> Problem:
    """The problem that `problem_to_dict` wrote. Raises KeyError or ValueError on other data."""
    return Problem(
        data["file"],
        data["line"],
        data["column"],
        Severity(data["severity"]),
        message_from_dict(data["message"]),
        message_from_dict(data["mend"]),
        tuple(data["path"]),
    )


def _value(value: Any) -> Any:
    """A number stays a number, for its format; words inside words stay words; the rest is text."""
    if isinstance(value, Message):
        return message_to_dict(value)
    return value if isinstance(value, int | float) else str(value)
