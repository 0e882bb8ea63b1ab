"""What a folder of questions holds, once it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ...domain.question_set import QuestionSet, SourceDocument
from ...domain.taxonomy import Taxonomy
from .problems import Problem
from .yaml_source import YamlSource

TAXONOMY_FILE = "taxonomy.yaml"


@dataclass(frozen=True, slots=True)
class Library:
    """What a folder of questions holds.

    `documents`, `sets` and `taxonomy` are fit to be served: every set's documents are there, its
    questions have ids of their own and every quote stands exactly once. Sets are in the order of
    the home page. `withheld` are sets that could be read but are not fit to be served; `problems`
    say why. `sources` maps files to the places of their values, for the checks.
    """

    documents: Mapping[str, SourceDocument]
    sets: Mapping[str, QuestionSet]
    taxonomy: Taxonomy
    problems: tuple[Problem, ...]
    withheld: Mapping[str, QuestionSet] = field(default_factory=dict)
    sources: Mapping[str, YamlSource] = field(default_factory=dict, repr=False, compare=False)

    @property
    def all_sets(self) -> Mapping[str, QuestionSet]:
        """The sets that could be read, fit to be served or not."""
        return {**self.sets, **self.withheld}


def set_file(slug: str) -> str:
    """The file of a set, relative to the folder of questions."""
    return f"sets/{slug}.yaml"
