"""Questions with the place they stand at: a line of a file, or a field of a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ...domain.message import Message
from ...domain.question_set import LANGUAGES, Draft, DraftEvidence, SourceDocument
from ..format.problems import Path, Problem, Severity
from ..format.yaml_source import SourcePosition


class Source(Protocol):
    """Where values stand. `file` is empty for a form."""

    @property
    def file(self) -> str:
        """The file, relative to the folder of questions."""

    def place(self, path: Path) -> SourcePosition:
        """The place of the value at `path`."""

    def problem(
        self, path: Path, message: str, fix: str, severity: Severity = Severity.ERROR
    ) -> Problem:
        """A problem with the value at `path`."""


@dataclass(frozen=True, slots=True)
class QuestionInFile:
    """A question, the file or form it stands in and the path that leads to it there.

    It may still be written: checks that need a missing part of it stay silent. Only texts in
    `languages`, those of its set, are looked at.
    """

    question: Draft
    source: Source
    path: Path
    languages: tuple[str, ...] = LANGUAGES

    def error(self, key: Path, message: str, fix: str) -> Problem:
        """An error about the part of the question under `key`."""
        return self.source.problem((*self.path, *key), message, fix)

    def warning(self, key: Path, message: str, fix: str) -> Problem:
        """A warning about the part of the question under `key`."""
        return self.source.problem((*self.path, *key), message, fix, Severity.WARNING)

    @property
    def evidence(self) -> Sequence[DraftEvidence]:
        """The quotes of the question."""
        return self.question.evidence

    def fix(self, in_file: Message, in_form: Message) -> Message:
        """The mend for where the question stands: who fills in a form sees no YAML."""
        return in_file if self.source.file else in_form

    def texts(self, part: str) -> Mapping[str, str]:
        """The claim or the explanation, in those of the set's languages it is written in."""
        text: Mapping[str, str] = getattr(self.question, part)
        return {language: text[language] for language in self.languages if text.get(language)}

    def quoted_documents(self, documents: Mapping[str, SourceDocument]) -> Sequence[SourceDocument]:
        """The documents that the question quotes, each once."""
        slugs = dict.fromkeys(evidence.document for evidence in self.evidence)
        return [documents[slug] for slug in slugs if slug in documents]
