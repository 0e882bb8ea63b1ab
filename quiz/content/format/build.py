"""Domain objects out of parsed files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...domain.fields import FIELDS, Field, FieldKind
from ...domain.message import Message, msg
from ...domain.question_set import (
    LANGUAGES,
    Disclosure,
    Evidence,
    Question,
    QuestionSet,
    Region,
    SourceDocument,
    Text,
)
from ...domain.quote import Quote, Span
from ...domain.taxonomy import RuleEntry, Skill, Step, Taxonomy, VerdictEntry
from ...domain.verdict import Rule, Verdict
from .anchors import anchor_trouble, nearest_passage
from .problems import Path, Problem, Severity, Unreadable, quoted
from .schema import (
    BothLanguages,
    DisclosureEntry,
    DocumentFile,
    EvidenceEntry,
    OneLanguage,
    QuestionEntry,
    RegionEntry,
    SetFile,
    SomeLanguages,
    TaxonomyFile,
)
from .yaml_source import YamlSource


def build_document(slug: str, text: str, entry: DocumentFile, source: YamlSource) -> SourceDocument:
    """The document with its regions as spans.

    Raises Unreadable when the text begins with a byte order mark, when the regions do not cover it
    from the first character on, or when the headline or a disclosure is not in it.
    """
    if text.startswith("\ufeff"):
        message = msg("the text begins with a byte order mark")
        file = f"documents/{slug}.txt"
        fix = msg("save it as UTF-8 without")
        raise Unreadable(Problem(file, 1, 1, Severity.ERROR, message, fix))
    building = _DocumentBuilding(f"{slug}.txt", text, source)
    regions = building.regions(entry.regions)
    disclosures = tuple(
        building.disclosure(i, item) for i, item in enumerate(entry.disclosures or ())
    )
    building.check_headline(entry.headline)
    if building.problems:
        raise Unreadable(*building.problems)
    return SourceDocument(
        slug=slug,
        text=text,
        title=_text(entry.title),
        kind=_text(entry.kind),
        provenance=_text(entry.provenance),
        date_note=_text(entry.date_note),
        language=entry.language,
        regions=regions,
        headline=entry.headline,
        publisher=entry.publisher,
        author=entry.author,
        published=entry.published,
        disclosures=disclosures,
        is_constructed=entry.constructed == "true",
    )


class _DocumentBuilding:
    """Places quotes in a document's text, gathering what goes wrong."""

    def __init__(self, file: str, text: str, source: YamlSource) -> None:
        self.file = file
        self.text = text
        self.source = source
        self.problems: list[Problem] = []

    def error(self, path: Path, message: str, fix: str) -> None:
        self.problems.append(self.source.problem(path, message, fix))

    def regions(self, entries: Iterable[RegionEntry]) -> tuple[Region, ...]:
        """Each region begins at the first place of its `begins` from the last region's start on."""
        starts: list[int] = []
        for i, entry in enumerate(entries):
            path: Path = ("regions", i, "begins")
            start = self.text.find(entry.begins, starts[-1] if starts else 0)
            if start < 0:
                self.error(path, *self._not_found(entry.begins))
            elif i == 0 and start > 0:
                fix = msg("begin it {words}", words=quoted(self.text[:40]))
                self.error(path, msg("the first region begins inside the text"), fix)
            elif starts and start == starts[-1]:
                message = msg("this region begins where the one before it begins")
                fix = msg("write a longer `begins` that stands only further on")
                self.error(path, message, fix)
            else:
                starts.append(start)
        if self.problems:
            return ()
        ends = [*starts[1:], len(self.text)]
        return tuple(
            Region(entry.kind, Span(start, end), _text(entry.note) if entry.note else None)
            for entry, start, end in zip(entries, starts, ends, strict=True)
        )

    def _not_found(self, begins: str) -> tuple[Message, Message]:
        if begins in self.text:
            message = msg(
                "this text is not found in {file} after the region before it", file=self.file
            )
            return message, msg("mend the order")
        message = msg("this text is not found in {file}", file=self.file)
        return message, nearest_passage(begins, self.text)

    def disclosure(self, index: int, entry: DisclosureEntry) -> Disclosure:
        quote = _quote(entry)
        if trouble := anchor_trouble(quote, self.text, self.file):
            self.error(("disclosures", index, "quote"), *trouble)
        return Disclosure(quote, _text(entry.note))

    def check_headline(self, headline: str | None) -> None:
        if headline is not None and headline not in self.text:
            fix = nearest_passage(headline, self.text)
            message = msg("the headline is not found in {file}", file=self.file)
            self.error(("headline",), message, fix)


def build_set(slug: str, entry: SetFile) -> QuestionSet:
    """The question set of a file."""
    return QuestionSet(
        slug=slug,
        title=_text(entry.title),
        summary=_text(entry.summary),
        documents=entry.documents,
        questions=tuple(_question(question) for question in entry.questions),
        is_examples=entry.examples == "true",
        languages=tuple(language for language in LANGUAGES if language in entry.languages),
    )


def _question(entry: QuestionEntry) -> Question:
    parts = {field.name: _part(field, getattr(entry, field.name)) for field in FIELDS}
    evidence = tuple(_evidence(quote) for quote in entry.evidence)
    return Question(entry.id, **parts, evidence=evidence)


def _part(field: Field, value: Any) -> Any:
    """The value of a field; files know strings only."""
    if field.is_text:
        return _text(value)
    return int(value) if field.kind is FieldKind.LEVEL else value


def _evidence(entry: EvidenceEntry) -> Evidence:
    translation = _text(entry.translation) if entry.translation else {}
    return Evidence(entry.document, _quote(entry), entry.stance, translation)


def build_taxonomy(entry: TaxonomyFile, source: YamlSource) -> Taxonomy:
    """The taxonomy. Raises Unreadable when a verdict or a rule has no entry."""
    lacking = {
        "verdicts": [verdict.value for verdict in Verdict if verdict not in entry.verdicts],
        "rules": [rule.value for rule in Rule if rule not in entry.rules],
    }
    if any(lacking.values()):
        raise Unreadable(
            *(
                source.problem(
                    (key,),
                    msg("{key} lack {codes}", key=key, codes=", ".join(codes)),
                    msg("add an entry for each"),
                )
                for key, codes in lacking.items()
                if codes
            )
        )
    return Taxonomy(
        verdicts={
            code: VerdictEntry(code, _text(item.name), _text(item.meaning), _text(item.test))
            for code, item in entry.verdicts.items()
        },
        rules={
            code: RuleEntry(code, _text(item.name), _text(item.meaning), _text(item.ask))
            for code, item in entry.rules.items()
        },
        skills={
            code: Skill(code, _text(item.name), _text(item.definition), _text(item.tip))
            for code, item in entry.skills.items()
        },
        steps=tuple(Step(_text(item.ask), _text(item.then), item.rules) for item in entry.steps),
    )


def _quote(entry: EvidenceEntry | DisclosureEntry) -> Quote:
    return Quote(entry.quote, entry.prefix or "", entry.suffix or "")


def _text(entry: BothLanguages | OneLanguage | SomeLanguages) -> Text:
    return {language: text for language, text in entry.model_dump().items() if text}
