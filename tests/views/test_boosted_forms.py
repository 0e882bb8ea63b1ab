"""Every form says how it is sent: boosted, as a part of its page, or plainly for a reason.

A boosted form replaces #main alone, so what it comes back to needs no other header, styles or
scripts than the page it stands on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, tostring

import pytest

from quiz.config import ROOT
from tests import desk, factories
from tests.views.pages import Form, Visitor, by_id, forms, tree

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

FOLDER = ROOT / "quiz" / "templates"
FORM = re.compile(r"<form\b(?:\{\{.*?\}\}|\{%.*?%\}|[^>])*>", re.DOTALL)
ENDPOINT = re.compile(r"url_for\(\s*['\"]([\w.]+)['\"]")

BOOSTED = {
    "accounts.passphrase",
    "classes.change",
    "classes.clear",
    "classes.close_class",
    "classes.create",
    "classes.delete",
    "classes.leave",
    "classes.open_class",
    "desk.add_documents",
    "desk.change_right",
    "desk.delete",
    "desk.describe",
    "desk.drop_document",
    "desk.drop_question",
    "desk.duplicate",
    "desk.leave",
    "desk.merge",
    "desk.share",
    "desk.split",
    "desk.step",
    "desk.take_back",
    "desk_files.bring",
    "desk_files.confirm",
    "desk_files.drop",
    "desk_readings.ask",
    "desk_readings.decline",
    "desk_readings.withdraw",
    "joining.typed",
    "members.erase",
    "members.remove",
    "members.rename",
    "review.dispute",
    "review.index",
}
PARTS = {
    "desk.move",
    "desk.order",
    "desk_documents.mark",
    "desk_readings.answer",
    "desk_readings.remark",
    "desk_readings.reply",
    "live.answer",
    "rooms.move",
    "solo.answer",
}
WHO = "It changes who is asking, which the header says."
ONCE = "Its answer is shown once and has no address of its own."
ROUND = "It leads to the page of a round, which has scripts of its own."
LIVE = "It is of a live room."
ELSEWHERE = "It leads to a page with other styles or scripts."
LISTENS = "The script of its page listens to what was there when the page was loaded."
PLAIN = {
    "accounts.erase": WHO,
    "accounts.keep_record": WHO,
    "accounts.sign_out": WHO,
    "accounts.signed_in": WHO,
    "accounts/setup.html": WHO,
    "joining.join": WHO + " " + ONCE,
    "preferences.save": "A language or colours are those of the whole page.",
    "classes.issue": ONCE,
    "members.passphrase": ONCE,
    "solo.start": ROUND,
    "live.joined_by_code": LIVE,
    "live.take_seat": LIVE,
    "rooms.erase": LIVE,
    "rooms.lock": LIVE,
    "rooms.open_room": LIVE,
    "rooms.remove": LIVE,
    "rooms.rename": LIVE,
    "rooms.restore": LIVE,
    "desk.adopt": ELSEWHERE,
    "desk.create": ELSEWHERE,
    "desk.publish": ELSEWHERE,
    "desk_questions.start": ELSEWHERE,
    "desk_questions.save": "The editor sends it as it is written.",
    "desk/preview_projector.html": "It is of a preview, which looks like the room’s screen.",
    "desk/_document_parts.html": LISTENS,
    "desk_documents.delete": LISTENS,
    "desk_documents.describe": LISTENS,
    "desk_documents.note": LISTENS,
    "desk_documents.replace_text": LISTENS,
    "desk_readings.finish": "The script of its page saves what is open before it is sent.",
}
"""By endpoint, or by template where the tag names none."""


def tags() -> Iterator[tuple[str, str]]:
    """Every form of the templates: where it is sent, and its tag."""
    for path in sorted(FOLDER.rglob("*.html")):
        for tag in FORM.findall(path.read_text("utf-8")):
            found = ENDPOINT.findall(tag.partition("action=")[2])
            yield (found[-1] if found else path.relative_to(FOLDER).as_posix()), tag


def test_every_form_is_sent_as_is_said_here() -> None:
    found: dict[str, set[str]] = {"boosted": set(), "part": set(), "plain": set()}
    for to, tag in tags():
        how = "boosted" if "boosted(" in tag else "part" if "hx-post" in tag else "plain"
        found[how].add(to.removesuffix("_part"))
    assert found == {"boosted": BOOSTED, "part": PARTS, "plain": set(PLAIN)}


def test_every_filter_is_boosted() -> None:
    filters = [tag for _, tag in tags() if 'method="post"' not in tag]
    assert filters
    assert all("boosted(" in tag for tag in filters)


def test_no_template_says_by_itself_how_a_form_is_boosted() -> None:
    assert [path for path in FOLDER.rglob("*.html") if "hx-boost" in path.read_text("utf-8")] == []


FILLED = {
    "name": "Other teacher",
    "reader": "Other teacher",
    "label": "Lou",
    "sure": "1",
    "old": factories.PASSPHRASE,
    "passphrase": "four quite small words",
    "step": "submit",
    "text": "The second sentence says something else.",
    "title.en": "The bridge, once more",
    "split_title.en": "Half of the bridge",
}


@pytest.fixture
def addresses(session: Session, trainer: Visitor, other_trainer: Visitor) -> list[str]:
    """Pages with boosted forms, for a trainer who has some of everything."""
    who = trainer.player
    assert who
    assert other_trainer.player
    own = factories.create_class(session, who)
    factories.create_member(session, own, factories.create_learner(session, "Lou"))
    factories.create_member(session, factories.create_class(session, other_trainer.player), who)
    document = desk.create_document(session, who)
    made = desk.create_set(session, who, "The bridge", [document], 3)
    desk.create_set(session, who, "The other bridge", [document], 1)
    factories.create_answers(session, factories.create_round(session, who))
    (member,) = [a for a in links(trainer.read(f"/classes/{own.id}")) if "/members/" in a]
    (answered, *_) = [a for a in links(trainer.read("/review/")) if a.startswith("/review/")]
    archive = BytesIO(trainer.get("/desk/files/shipped/harbour.zip").data)
    brought = trainer.post("/desk/files/", file=(archive, "harbour.zip")).location
    return [
        brought,
        *("/account/", "/review/", answered, "/classes/", member, f"/classes/{own.id}"),
        *("/classes/join", "/desk/files/", f"/desk/files/sets/{made.id}/table"),
        *(f"/desk/readings/sets/{made.id}", f"/desk/sets/{made.id}"),
    ]


def links(page: Element) -> list[str]:
    """Where the links in a page's #main lead."""
    return [a.get("href", "") for a in by_id(page, "main").iter("a")]


def boosted_of(page: Element) -> list[Form]:
    """The boosted forms of a page."""
    elements = page.iter("form")
    return [
        form for form, element in zip(forms(page), elements, strict=True) if element.get("hx-boost")
    ]


def assets(page: Element) -> set[str]:
    """The styles and scripts of a page."""
    found = [link.get("href") for link in page.iter("link")] + [
        s.get("src") for s in page.iter("script")
    ]
    return {address for address in found if address}


def frame(page: Element) -> list[object]:
    """What a boosted form leaves as it is."""
    around = [tostring(header) for header in page.iter("header") if header.get("class") == "top"]
    return [around, *[element.get("class") for element in page.iter("body")]]


def test_a_page_with_a_boosted_form_has_its_scripts(trainer: Visitor, addresses: list[str]) -> None:
    for address in addresses:
        page = trainer.read(address)
        assert boosted_of(page), address
        assert {"htmx.min.js", "boosted.js"} <= {
            asset.partition("?")[0].rpartition("/")[2] for asset in assets(page)
        }, address
        assert by_id(page, "preferences").tag == "form"


@pytest.mark.parametrize("filled", [{}, FILLED], ids=["untouched", "filled in"])
def test_what_a_boosted_form_comes_back_to_fits_around(
    trainer: Visitor, addresses: list[str], filled: dict[str, str]
) -> None:
    statuses = set()
    for address in addresses:
        before = trainer.read(address)
        for form in boosted_of(before):
            data = {**form.fields, **filled}
            answer = trainer.open(
                form.action, method=form.method.upper(), data=data, follow_redirects=True
            )
            after = tree(answer.text)
            by_id(after, "main")
            assert assets(after) <= assets(before), form.action
            assert frame(after) == frame(before), form.action
            statuses.add(answer.status_code)
    assert {200, 422} <= statuses <= {200, 404, 409, 422}
