"""A saved web page: its text line by line, each with the region it seems to belong to.

Nothing is fetched; scripts, styles, comments and what is hidden from readers are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import lxml.etree
import lxml.html

from ....domain.message import msg
from ....domain.question_set import RegionKind
from ..import_errors import Refused
from .decoding import decode
from .extracted import Line, assemble, to_json
from .page_facts import facts_of

MAX_DEPTH = 2_000  # libxml2 drops what is nested deeper than 2,048


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_DROPPED = _words(
    "head script style template noscript svg math iframe object embed canvas audio video map "
    "select datalist"
)
_PARAGRAPHS = _words(
    "p h1 h2 h3 h4 h5 h6 blockquote figure table ul ol dl pre hr article section "
    "main header footer nav aside form"
)
_LINES = _PARAGRAPHS | _words(
    "address body button caption center dd details dialog div dt fieldset figcaption legend li "
    "option summary tbody tfoot thead tr"
)
_KIND_OF_TAG = {
    **dict.fromkeys(_words("nav footer aside form button"), RegionKind.FURNITURE),
    **dict.fromkeys(_words("figure figcaption"), RegionKind.CAPTION),
}
_FURNITURE_ROLES = _words("navigation banner contentinfo complementary search dialog")
# Words of a class or id, as in "related-posts" or "shareBar".
_KIND_OF_WORD = {
    **dict.fromkeys(
        _words(
            "cookie cookies consent gdpr share sharing social newsletter subscribe breadcrumb "
            "breadcrumbs menu navbar sidebar"
        ),
        RegionKind.FURNITURE,
    ),
    **dict.fromkeys(
        _words("related recommend recommended recommendation recommendations"), RegionKind.RELATED
    ),
    **dict.fromkeys(_words("comment comments commentaire commentaires"), RegionKind.COMMENTS),
}
_NAME_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_BLANKS = re.compile(r"[ \t\n\r\f]+")
_SPACES = re.compile(" +")
_AROUND_TAB = re.compile(" ?\t ?")
_HIDING = re.compile(r"display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden", re.IGNORECASE)


def read(data: bytes) -> dict[str, Any]:
    """What to_json gives for a page. Raises Refused: no text, too much of it, nested too deep."""
    source, warnings = decode(data)
    root = parse(source)
    headline = find_headline(root)
    walk = Walk(headline)
    lines = list(walk.lines(root))
    if walk.hid_something:
        said = msg("Parts of the page that are hidden from its readers were left out.")
        warnings = (*warnings, said)
    return to_json(assemble(lines, facts_of(root, headline), warnings))


def parse(source: str) -> Any:
    """The tree of a page, mended as browsers do. Raises MemoryError."""
    parser = lxml.html.HTMLParser(
        remove_comments=True, remove_pis=True, no_network=True, huge_tree=True, encoding="utf-8"
    )
    # libxml2 takes a NUL for the end.
    encoded = source.replace("\0", "").encode("utf-8", "ignore")
    try:
        return lxml.html.document_fromstring(encoded, parser=parser)
    except lxml.etree.XMLSyntaxError as error:  # memory is all that stops a parser that mends
        raise MemoryError from error
    except lxml.etree.ParserError:  # nothing in it
        return lxml.html.document_fromstring(b"<html></html>")


def find_headline(root: Any) -> Any:
    """The h1 of the article: the first in it, else the first outside of the page's furniture."""
    candidates = [(h1, {a.tag for a in h1.iterancestors()}) for h1 in root.iter("h1")]
    for h1, around in candidates:
        if around & {"article", "main"} and not around & {"aside", "nav"}:
            return h1
    for h1, around in candidates:
        if not around & {"aside", "nav", "footer", "form"}:
            return h1
    return None


class _Around(NamedTuple):
    """What an element stands in."""

    kind: RegionKind = RegionKind.ARTICLE
    is_article: bool = False
    is_pre: bool = False


class Walk:
    """One walk over a tree, without recursion: `lines` gives the lines, in their order."""

    def __init__(self, headline: Any = None) -> None:
        self.hid_something = False
        self._headline = headline
        self._around_headline = set() if headline is None else set(headline.iterancestors())
        self._stack = [_Around()]
        self._parts: list[str] = []
        self._after_blank = True

    def lines(self, root: Any) -> Iterator[Line]:
        """The lines below `root`, blank ones between paragraphs. Raises Refused: too deep."""
        walk = lxml.etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if event == "end":
                yield from self._end(element)
            elif not isinstance(element.tag, str) or self._is_dropped(element):
                walk.skip_subtree()
                self._stack.append(self._stack[-1])
            else:
                yield from self._start(element)
        yield from self._flush()

    def _start(self, element: Any) -> Iterator[Line]:
        if len(self._stack) > MAX_DEPTH:
            raise Refused(
                msg("The page is nested too deeply to be read."),
                msg("Copy the text in your browser, and paste it."),
            )
        tag, outside = element.tag, self._stack[-1]
        inside = _Around(
            self._kind(element, outside),
            outside.is_article or tag in ("article", "main"),
            outside.is_pre or tag in ("pre", "textarea"),
        )
        if tag in _LINES or tag == "br" or inside.kind is not outside.kind:
            yield from self._flush(is_paragraph=tag in _PARAGRAPHS)
        self._stack.append(inside)
        if tag in ("td", "th") and self._parts:
            self._parts.append("\t")
        if tag == "img" and (alt := _BLANKS.sub(" ", element.get("alt", "")).strip()):
            yield from self._flush()
            is_article = inside.kind is RegionKind.ARTICLE
            yield (RegionKind.CAPTION if is_article else inside.kind, alt)
            self._after_blank = False
        self._add(element.text)

    def _end(self, element: Any) -> Iterator[Line]:
        if element.tag in _LINES or self._stack[-1].kind is not self._stack[-2].kind:
            yield from self._flush(is_paragraph=element.tag in _PARAGRAPHS)
        self._stack.pop()
        self._add(element.tail)

    def _add(self, text: str | None) -> None:
        if text:
            self._parts.append(text if self._stack[-1].is_pre else _BLANKS.sub(" ", text))

    def _flush(self, *, is_paragraph: bool = False) -> Iterator[Line]:
        """The line that ends here, and a blank one where a paragraph begins or ends."""
        line = "".join(self._parts)
        self._parts.clear()
        around = self._stack[-1]
        if not around.is_pre:
            line = _AROUND_TAB.sub("\t", _SPACES.sub(" ", line)).strip(" ")
        if line.strip():
            yield around.kind, line
            self._after_blank = False
        if is_paragraph and not self._after_blank:
            yield around.kind, ""
            self._after_blank = True

    def _is_dropped(self, element: Any) -> bool:
        if element.tag in _DROPPED:
            return True
        is_hidden = "hidden" in element.attrib or _HIDING.search(element.get("style", ""))
        self.hid_something |= bool(is_hidden)
        return bool(is_hidden)

    def _kind(self, element: Any, outside: _Around) -> RegionKind:
        """What an element belongs to: what its surroundings do, unless it says more itself."""
        inherited = outside.kind
        if element is self._headline:
            return RegionKind.HEADLINE
        if inherited is not RegionKind.ARTICLE or element in self._around_headline:
            return inherited
        if element.tag in ("html", "body", "main", "article"):
            return inherited  # their classes speak of the whole page
        if element.tag == "header" and not outside.is_article:
            return RegionKind.FURNITURE
        if element.get("role", "").lower() in _FURNITURE_ROLES:
            return RegionKind.FURNITURE
        named = f"{element.get('class', '')} {element.get('id', '')}"[:500]
        for word in _NAME_PARTS.findall(named):
            if kind := _KIND_OF_WORD.get(word.lower()):
                return kind
        return _KIND_OF_TAG.get(element.tag, inherited)
