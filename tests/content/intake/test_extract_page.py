"""A saved web page becomes text with proposed regions, and nothing of it runs or is fetched."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.content.intake.extract import Extracted
from quiz.content.intake.extract.extracted import from_json
from quiz.content.intake.extract.page import read
from quiz.content.intake.import_errors import Refused
from quiz.domain.question_set import RegionKind
from tests.content.intake.test_extract_text import assert_covered, parts

PAGE = """<!doctype html><html lang="fr-FR"><head><title>Le pont | Le Journal</title>
<meta property="og:title" content="Le pont neuf ouvre"><style>p { color: red }</style>
<script type="application/ld+json">{"@graph": [{"@type": "WebPage"}, {"@type": "NewsArticle",
"datePublished": "2026-05-03T10:00:00Z", "author": [{"name": "Ana Roy"}, {"name": "Zoé Bon"}],
"publisher": {"name": "Le Journal"}}]}</script></head>
<body class="comments-open share"><header>Le Journal
<nav><ul><li>Accueil<li>Monde</ul></nav></header>
<main><article><header><h1>Le pont
  neuf <b>ouvre</b></h1><p>Par Ana Roy</p></header>
<figure><img src="http://x.test/y.png" alt="Le pont vu de la rive">
<figcaption>Le pont, hier.</figcaption></figure>
<p>Le maire a ouvert le pont&nbsp;neuf le <a href="http://x.test">3 mai</a>.<br>Il pleuvait.</p>
<!-- secret --><p hidden>Piège</p><p style="display: none">Piège</p>
<table><tr><th>An<th>m<tr><td>2020</td> <td> 120 </td></tr></table>
<div class="shareBar">Partager</div><script>alert(1)</script>
<div class="related-posts"><h2>Lire aussi</h2><p>Autre chose</p></div></article>
<section id="comments"><p>Camille : ce pont est laid</p></section></main>
<div id="cookie-banner">Nous utilisons des cookies</div><footer>Mentions</footer></body></html>"""


def page(source: str) -> Extracted:
    return from_json(read(source.encode()))


def body(html: str) -> list[tuple[RegionKind, str]]:
    return parts(page(f"<html><body>{html}</body></html>"))


def test_regions_are_proposed_for_the_parts_of_a_page() -> None:
    document = page(PAGE)
    assert_covered(document)
    assert parts(document) == [
        (RegionKind.FURNITURE, "Le Journal\n\nAccueil\nMonde"),
        (RegionKind.HEADLINE, "Le pont neuf ouvre"),
        (RegionKind.ARTICLE, "Par Ana Roy"),
        (RegionKind.CAPTION, "Le pont vu de la rive\nLe pont, hier."),
        (
            RegionKind.ARTICLE,
            "Le maire a ouvert le pont\xa0neuf le 3 mai.\nIl pleuvait.\n\nAn\tm\n2020\t120",
        ),
        (RegionKind.FURNITURE, "Partager"),
        (RegionKind.RELATED, "Lire aussi\n\nAutre chose"),
        (RegionKind.COMMENTS, "Camille : ce pont est laid"),
        (RegionKind.FURNITURE, "Nous utilisons des cookies\n\nMentions"),
    ]


def test_the_facts_come_from_what_the_page_says_of_itself() -> None:
    document = page(PAGE)
    assert (document.title, document.headline) == ("Le pont neuf ouvre", "Le pont neuf ouvre")
    assert document.author == "Ana Roy, Zoé Bon"
    assert document.publisher == "Le Journal"
    assert document.published == "2026-05-03"
    assert document.language == "fr"


def test_what_is_hidden_from_readers_is_left_out_and_said() -> None:
    document = page(PAGE)
    assert "Piège" not in document.text
    assert "hidden" in document.warnings[0]


@pytest.mark.parametrize("secret", ["alert", "color", "secret", "http", "graph"])
def test_scripts_styles_comments_and_addresses_are_no_text(secret: str) -> None:
    assert secret not in page(PAGE).text


@pytest.mark.parametrize(
    ("head", "published"),
    [
        ('<meta name="date" content="2026-01-09">', "2026-01-09"),
        ('<meta property="article:published_time" content="2026-01-09T08:00+01:00">', "2026-01-09"),
        ('<meta name="date" content="9 janvier 2026">', None),
        ('<meta name="date" content="2026-02-30">', None),
        ('<script type="application/ld+json">{broken</script>', None),
        ("", None),
    ],
)
def test_a_date_is_taken_only_where_it_is_an_iso_date(head: str, published: str | None) -> None:
    assert page(f"<html><head>{head}</head><body>Le texte.").published == published


def test_the_time_of_the_article_dates_it_where_nothing_else_does() -> None:
    source = (
        '<html><time datetime="2020-01-01">x</time><article><time datetime="2026-01-09T10:00">y'
    )
    assert page(source).published == "2026-01-09"


def test_an_author_that_is_only_an_address_is_none() -> None:
    meta = '<meta property="article:author" content="https://x.test/ana">'
    assert page(f"<html><head>{meta}</head><body>Le texte.").author is None


def test_lines_of_preformatted_text_stay() -> None:
    assert body("<pre>a  b\n  c</pre>") == [(RegionKind.ARTICLE, "a  b\n  c")]


def test_inline_elements_do_not_cut_words() -> None:
    assert body("<p>ex<b>em</b><span>ple</span> <i> un</i></p>") == [
        (RegionKind.ARTICLE, "exemple un")
    ]


def test_a_class_around_the_headline_does_not_make_all_of_it_furniture() -> None:
    html = '<div class="has-sidebar share"><h1>Titre</h1><p>Texte.</p></div>'
    assert body(html) == [(RegionKind.HEADLINE, "Titre"), (RegionKind.ARTICLE, "Texte.")]


def test_a_declared_older_encoding_is_believed() -> None:
    data = '<html><meta charset="ISO-8859-15"><p>L’œuvre coûte 3 €'.replace("’", "'")
    document = from_json(read(data.encode("iso-8859-15")))
    assert document.text == "L'œuvre coûte 3 €"
    assert document.warnings == ()


def test_a_page_without_text_is_refused() -> None:
    with pytest.raises(Refused, match="no text"):
        page("<html><body><script>only()</script></body></html>")


def test_a_page_nested_too_deep_is_refused_not_cut() -> None:
    with pytest.raises(Refused, match="nested"):
        page("<html><body>" + "<div>" * 100_000 + "texte")


@given(
    st.lists(
        st.sampled_from(
            "<p> </p> <div> <div class=share> </div> <h1> </h1> <table> <tr> <td> <pre> </pre> "
            "<article> </article> <p\xa0hidden> <figure> <img\xa0alt=x> <br> <script> </script> "
            "<!-- --> <aside> </aside> texte &nbsp; <".replace("\xa0", "~").split()
        ).map(lambda tag: tag.replace("~", " ")),
        max_size=30,
    )
)
def test_any_tag_soup_is_covered_by_its_regions_or_refused(tags: list[str]) -> None:
    with suppress(Refused):
        assert_covered(page("<html>" + " ".join(tags)))
