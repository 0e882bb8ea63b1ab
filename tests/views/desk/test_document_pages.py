"""The desk's pages of documents, without scripts."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from quiz.models import DeskDocument, DeskSetDocument
from quiz.services.desk import sets
from tests import factories
from tests.factories import HOSTILE, NOW, create_document
from tests.views.pages import Visitor, by_id, form_to, part, tree, words

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

TEXT = f"Fire\nA crane fell.\nNobody was hurt.\nAnn wrote: {HOSTILE}"
PAGE = "<html><head><title>Gull</title></head><body><h1>Fire</h1><p>A crane fell.</p></body></html>"


@pytest.fixture
def document(session: Session, trainer: Visitor) -> DeskDocument:
    assert trainer.player
    return create_document(session, trainer.player, TEXT)


def stored(session: Session) -> DeskDocument:
    session.rollback()
    session.expire_all()
    return session.query(DeskDocument).one()


def upload(visitor: Visitor, name: str, data: bytes, **fields: str) -> tuple[int, str, str]:
    """Send a file with the form to bring a document; gives status, location and page."""
    sent = {**fields, "way": "file", "file": (BytesIO(data), name)}
    answer = visitor.open("/desk/documents/new", method="POST", data=sent)
    return answer.status_code, answer.headers.get("Location", ""), answer.text


def test_a_pasted_text_leads_to_its_page(session: Session, trainer: Visitor) -> None:
    form = form_to(trainer.read("/desk/documents/new"), "/desk/documents/new")
    made = trainer.send(form, text=TEXT.replace("\n", "\r\n"), way="paste")
    assert made.status_code == 303
    page = trainer.read(made.headers["Location"])
    assert stored(session).body["text"] == TEXT
    assert HOSTILE in words(page)


def test_an_uploaded_page_leads_to_its_page(session: Session, trainer: Visitor) -> None:
    status, location, _ = upload(trainer, "gull.html", PAGE.encode())
    assert (status, location) == (303, f"/desk/documents/{stored(session).id}")
    assert "A crane fell." in stored(session).body["text"]


def test_a_file_that_cannot_be_read_is_told_and_the_pasted_text_stays(trainer: Visitor) -> None:
    status, _, page = upload(trainer, "x.pdf", b"%PDF-1.7 nothing", text="Typed before.")
    assert status == 422
    assert (by_id(tree(page), "text").text or "").strip() == "Typed before."
    assert words(by_id(tree(page), "error-failed"))


def test_no_text_and_no_file_is_told_where_it_is_missing(trainer: Visitor) -> None:
    for way, error in (("paste", "error-text"), ("file", "error-file")):
        answer = trainer.post("/desk/documents/new", way=way, text="")
        assert answer.status_code == 422
        assert "There is no text" in words(by_id(tree(answer.text), error))


def test_a_file_over_20_megabytes_is_told_as_one(
    trainer: Visitor, pupil: Visitor, document: DeskDocument
) -> None:
    def too_big(visitor: Visitor, address: str, size: int) -> str:
        kind = "multipart/form-data; boundary=x"
        answer = visitor.open(address, method="POST", data=b"x" * size, content_type=kind)
        assert answer.status_code == 413
        return answer.text

    for address in ("/desk/documents/new", f"/desk/documents/{document.id}/text"):
        page = tree(too_big(trainer, address, 22_100_000))
        assert "20 MB" in words(by_id(page, "error-file"))
        assert "20 MB" not in too_big(pupil, address, 300_000)


def test_only_pages_that_take_texts_take_more_than_a_form(
    trainer: Visitor, document: DeskDocument
) -> None:
    address = f"/desk/documents/{document.id}"
    assert trainer.post(f"{address}/describe", headline="x" * 300_000).status_code == 413
    assert trainer.post(f"{address}/text", text="é" * 150_000).status_code == 200


def test_a_document_for_a_set_is_added_to_it(session: Session, trainer: Visitor) -> None:
    assert trainer.player
    made = sets.create_set(session, trainer.player, {"en": "News"}, ["en"], [], NOW)
    brought = trainer.post(f"/desk/documents/new?set={made.id}", way="paste", text=TEXT)
    assert brought.status_code == 303
    assert session.query(DeskSetDocument).one().set_id == made.id
    page = trainer.read(brought.headers["Location"])
    assert any("Back to “News”" in words(link) for link in page.iter("a"))


def test_a_set_that_is_not_ones_own_takes_no_document(
    session: Session, trainer: Visitor, other_trainer: Visitor
) -> None:
    assert other_trainer.player
    made = sets.create_set(session, other_trainer.player, {"en": "News"}, ["en"], [], NOW)
    refused = trainer.post(f"/desk/documents/new?set={made.id}", way="paste", text=TEXT)
    assert refused.status_code == 404
    assert session.query(DeskDocument).count() == 0


def test_the_date_must_be_chosen(trainer: Visitor, document: DeskDocument) -> None:
    address = f"/desk/documents/{document.id}"
    form = form_to(trainer.read(address), "/describe")
    refused = trainer.send(form, publisher="The Gull")
    assert refused.status_code == 422
    page = tree(refused.text)
    assert "none stated" in words(by_id(page, "error-published"))
    assert form_to(page, "/describe").fields["publisher"] == "The Gull"
    assert trainer.send(form, dated="none").status_code == 303


def test_what_is_saved_is_shown(session: Session, trainer: Visitor, document: DeskDocument) -> None:
    address = f"/desk/documents/{document.id}"
    form = form_to(trainer.read(address), "/describe")
    sent = {"dated": "range", "first": "2026-01-03", "last": "2026-01-09", "title.fr": "Feu"}
    sent |= {"disclosure.0.quote": "A crane fell.", "disclosure.0.en": "Did it?"}
    assert trainer.send(form, **sent).status_code == 303
    fields = form_to(trainer.read(address), "/describe").fields
    assert {name: fields[name] for name in ("dated", "first", "title.fr")} == {
        "dated": "range",
        "first": "2026-01-03",
        "title.fr": "Feu",
    }
    assert stored(session).body["disclosures"][0]["note"] == {"en": "Did it?"}


def test_both_versions_of_a_field_are_shown(
    session: Session, trainer: Visitor, document: DeskDocument
) -> None:
    address = f"/desk/documents/{document.id}"
    form = form_to(trainer.read(address), "/describe")
    assert trainer.send(form, dated="none", publisher="The Gull").status_code == 303
    clash = trainer.send(form, dated="none", publisher="The Tern")
    assert clash.status_code == 409
    page = tree(clash.text)
    assert "The Gull" in words(by_id(page, "clash-publisher"))
    again = form_to(page, "/describe")
    assert again.fields["publisher"] == "The Tern"
    assert trainer.send(again).status_code == 303
    assert stored(session).body["publisher"] == "The Tern"


def test_paragraphs_are_marked_by_their_numbers(
    session: Session, trainer: Visitor, document: DeskDocument
) -> None:
    address = f"/desk/documents/{document.id}"
    form = form_to(trainer.read(address), "/regions")
    sent = {**form.fields, "version": "1", "from": "4", "to": "4", "region": "comments"}
    fragment = part(trainer.post(f"{address}/regions/part", **sent).text)
    assert "Readers’ comments" in words(fragment)
    assert trainer.post(f"{address}/regions", **sent).status_code == 409
    plain = trainer.post(f"{address}/regions", **{**sent, "version": "2", "from": "3"})
    assert plain.status_code == 303
    assert stored(session).body["regions"][-1]["start"] == TEXT.index("Nobody")


@pytest.mark.parametrize("numbers", [("0", "1"), ("1", "99"), ("x", "2"), ("", "")])
def test_paragraphs_that_there_are_not_are_told(
    session: Session, trainer: Visitor, document: DeskDocument, numbers: tuple[str, str]
) -> None:
    sent = {"from": numbers[0], "to": numbers[1], "region": "comments", "version": "1"}
    for path in ("regions", "regions/part"):
        refused = trainer.post(f"/desk/documents/{document.id}/{path}", **sent)
        assert refused.status_code == 422
        assert "Choose the paragraphs" in refused.text
    assert stored(session).version == 1


def test_a_region_gets_a_note(session: Session, trainer: Visitor, document: DeskDocument) -> None:
    address = f"/desk/documents/{document.id}"
    form = form_to(trainer.read(address), "/notes")
    assert trainer.send(form, **{"note.en": "Bold."}).status_code == 303
    assert stored(session).body["regions"][0]["note"] == {"en": "Bold."}


def test_a_new_version_is_looked_at_before_it_is_stored(
    session: Session, trainer: Visitor, document: DeskDocument
) -> None:
    address = f"/desk/documents/{document.id}/text"
    form = form_to(trainer.read(address), "/text")
    new = TEXT.replace("A crane", "A tall crane")
    looked = trainer.send(form, text=new, way="paste")
    assert looked.status_code == 200
    assert stored(session).body["text"] == TEXT
    confirm = form_to(tree(looked.text), "/text/replace")
    assert trainer.send(confirm).status_code == 303
    assert stored(session).body["text"] == new
    assert trainer.send(confirm).status_code == 409


def test_a_document_is_deleted_once_the_box_is_ticked(
    session: Session, trainer: Visitor, document: DeskDocument
) -> None:
    address = f"/desk/documents/{document.id}/delete"
    assert trainer.post(address).status_code == 422
    assert trainer.post(address, sure="1").status_code == 303
    assert session.query(DeskDocument).count() == 0


def test_who_may_only_read_gets_no_form(
    session: Session, trainer: Visitor, other_trainer: Visitor, document: DeskDocument
) -> None:
    from quiz.models import Right, SetShare

    assert trainer.player
    assert other_trainer.player
    made = sets.create_set(session, trainer.player, {"en": "News"}, ["en"], [document.id], NOW)
    share = SetShare(set_id=made.id, trainer_id=other_trainer.player.id, right=Right.READ)
    session.add(share)
    session.commit()
    address = f"/desk/documents/{document.id}"
    page = other_trainer.read(address)
    assert [f for f in page.iter("form") if address in f.get("action", "")] == []
    assert other_trainer.post(f"{address}/describe", dated="none").status_code == 404


def test_the_list_names_the_sets_that_use_a_document(session: Session, trainer: Visitor) -> None:
    assert trainer.player
    ids = [create_document(session, trainer.player, f"Text {n}").id for n in range(3)]
    sets.create_set(session, trainer.player, {"en": "News"}, ["en"], ids[:1], NOW)
    page = words(trainer.read("/desk/documents/"))
    assert "Used by: News" in page
    assert page.count("Not used by a set yet") == 2


def test_factories_text_is_what_pages_show(trainer: Visitor, document: DeskDocument) -> None:
    page = trainer.get(f"/desk/documents/{document.id}").text
    assert HOSTILE not in page
    assert factories.HOSTILE in words(tree(page))
