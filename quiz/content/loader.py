"""Question files as domain objects, with a problem for everything left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TypeVar

from ..domain.message import msg
from ..domain.question_set import QuestionSet, SourceDocument
from ..domain.taxonomy import Taxonomy
from .checks.languages import missing_languages
from .checks.placed import QuestionInFile
from .checks.question_checks import check_quotes
from .format.build import build_document, build_set, build_taxonomy
from .format.files import Files, FolderFiles, MemoryFiles, slugs
from .format.library import TAXONOMY_FILE, Library, set_file
from .format.problems import Path as YamlPath
from .format.problems import Problem, Unreadable
from .format.schema import OLDER_NAMES, DocumentFile, SetFile, TaxonomyFile
from .format.schema_problems import parse
from .format.yaml_source import YamlSource, decode, read_yaml

Result = TypeVar("Result")


def load(folder: Path) -> Library:
    """Read `folder`/taxonomy.yaml, documents/ and sets/. Never raises on what the files hold.

    A broken file is left out with its problems, and so is a set whose document is left out. No
    file outside the folder is read.
    """
    loading = _Loading(FolderFiles(folder))
    return loading.library(loading.taxonomy())


def load_files(files: Mapping[str, bytes], taxonomy: Taxonomy) -> Library:
    """Read documents/… and sets/… from memory, as `load` does from a folder.

    `files` maps names relative to a folder of questions to bytes; what it holds besides is not
    looked at, and no other file is read. Never raises on what the files hold.
    """
    return _Loading(MemoryFiles(files)).library(taxonomy)


def load_taxonomy(folder: Path) -> Taxonomy:
    """Read `folder`/taxonomy.yaml alone; empty when it cannot be read. Never raises."""
    return _Loading(FolderFiles(folder)).taxonomy()


class _Loading:
    """One pass over question files, gathering problems."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.problems: list[Problem] = []
        self.sources: dict[str, YamlSource] = {}

    def taxonomy(self) -> Taxonomy:
        return self._attempt(self._taxonomy) or Taxonomy()

    def library(self, taxonomy: Taxonomy) -> Library:
        documents = self._documents()
        read = self._sets()
        fit: dict[str, QuestionSet] = {}
        withheld: dict[str, QuestionSet] = {}
        for slug, question_set in read.items():
            troubles = list(_set_problems(question_set, documents, self.sources[set_file(slug)]))
            self.problems.extend(troubles)
            (withheld if troubles else fit)[slug] = question_set
        return Library(
            documents, fit, taxonomy, tuple(sorted(self.problems)), withheld, self.sources
        )

    def _attempt(self, read: Callable[[], Result]) -> Result | None:
        try:
            return read()
        except Unreadable as unreadable:
            self.problems.extend(unreadable.problems)
            return None

    def _source(self, file: str) -> YamlSource:
        source = read_yaml(self.files.read(file), file, OLDER_NAMES)
        self.sources[file] = source
        return source

    def _taxonomy(self) -> Taxonomy:
        source = self._source(TAXONOMY_FILE)
        return build_taxonomy(parse(TaxonomyFile, source), source)

    def _documents(self) -> dict[str, SourceDocument]:
        found, strays = slugs(self.files, "documents", (".yaml", ".txt"))
        self.problems.extend(strays)
        read = {slug: self._attempt(partial(self._document, slug)) for slug in sorted(found)}
        return {slug: document for slug, document in read.items() if document is not None}

    def _document(self, slug: str) -> SourceDocument:
        file = f"documents/{slug}.txt"
        text = decode(self.files.read(file), file)
        source = self._source(f"documents/{slug}.yaml")
        return build_document(slug, text, parse(DocumentFile, source), source)

    def _set(self, slug: str) -> SetFile:
        return parse(SetFile, self._source(set_file(slug)))

    def _sets(self) -> dict[str, QuestionSet]:
        """The sets that can be read, those with an `order` first, then by name."""
        found, strays = slugs(self.files, "sets", (".yaml",))
        self.problems.extend(strays)
        read = {}
        for slug in sorted(found):
            entry = self._attempt(partial(self._set, slug))
            if entry is not None:
                read[slug] = entry
        unordered = 10**6
        in_order = sorted(read, key=lambda slug: int(read[slug].order or unordered))
        return {slug: build_set(slug, read[slug]) for slug in in_order}


def _set_problems(
    question_set: QuestionSet, documents: Mapping[str, SourceDocument], source: YamlSource
) -> list[Problem]:
    """What makes a set unfit to be served."""
    found: list[Problem] = []
    for i, slug in enumerate(question_set.documents):
        if slug not in documents:
            message = msg(
                "the set is left out: its document {document} is missing or has errors",
                document=slug,
            )
            fix = msg("mend documents/{document}.txt and documents/{document}.yaml", document=slug)
            found.append(source.problem(("documents", i), message, fix))
    found.extend(missing_languages(question_set, documents, source))
    first: dict[str, int] = {}
    for i, question in enumerate(question_set.questions):
        path: YamlPath = ("questions", i)
        if first.setdefault(question.id, i) != i:
            line = source.place(("questions", first[question.id], "id")).line
            message = msg(
                "the id {id} stands twice (first on line {line})", id=question.id, line=line
            )
            fix = msg("give each question an id of its own")
            found.append(source.problem((*path, "id"), message, fix))
        at = QuestionInFile(question, source, path, question_set.languages)
        found.extend(check_quotes(at, question_set.documents, documents))
    return found
