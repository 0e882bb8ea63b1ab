"""The words for verdicts, confidence, stances and the like, in the interface's language."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _

from ..domain.answer import Mode
from ..domain.measures import Figure, Lean, Summary
from ..domain.message import Message
from ..domain.question_set import RegionKind
from ..domain.room import Leaderboard, Move, Phase, RoomMode, Rules, State
from ..domain.scoring import Confidence
from ..domain.standings import Tier
from ..domain.verdict import Stance, Verdict

NOTABLE_EXCESS = 2
"""How many times more than right a verdict is given in a round before it is worth a word."""

ICON = {Verdict.TRUE: "check", Verdict.FALSE: "x", Verdict.UNVERIFIED: "circle-question-mark"}


_VERDICTS: Mapping[Verdict, LazyString] = {
    Verdict.TRUE: _("True"),
    Verdict.FALSE: _("False"),
    Verdict.UNVERIFIED: _("Unverified"),
}
_MEANINGS: Mapping[Verdict, LazyString] = {
    Verdict.TRUE: _("supported by the file"),
    Verdict.FALSE: _("contradicted by the file"),
    Verdict.UNVERIFIED: _("the file cannot settle it"),
}
_CONFIDENCES: Mapping[Confidence, LazyString] = {
    Confidence.GUESS: _("Guess"),
    Confidence.LEANING: _("Leaning"),
    Confidence.FAIRLY_SURE: _("Fairly sure"),
    Confidence.SURE: _("Sure"),
}
_STANCES: Mapping[Stance, LazyString] = {
    Stance.SUPPORTS: _("supports the claim"),
    Stance.REFUTES: _("contradicts the claim"),
    Stance.HEDGES: _("leaves the claim open"),
    Stance.NEAREST: _("the nearest passage: it does not settle the claim"),
}
_FIELDS: Mapping[str, LazyString] = {
    "claim": _("Claim"),
    "explanation": _("Explanation"),
    "evidence": _("Evidence"),
    "verdict": _("Verdict"),
    "rule": _("Rule"),
    "as_of": _("Date"),
    "difficulty": _("Difficulty"),
    "skills": _("Skills"),
    "files": _("Files"),
    "contrast": _("Contrast group"),
}
_REGIONS: Mapping[RegionKind, LazyString] = {
    RegionKind.ARTICLE: _("Article"),
    RegionKind.HEADLINE: _("Headline"),
    RegionKind.CAPTION: _("Image and caption"),
    RegionKind.RELATED: _("Related stories"),
    RegionKind.COMMENTS: _("Readers’ comments"),
    RegionKind.FURNITURE: _("Page around the article"),
}
_MODES: Mapping[Mode, LazyString] = {
    Mode.QUICK: _("Quick round"),
    Mode.INVESTIGATION: _("Investigation"),
}
_PROBLEMS: Mapping[str, LazyString] = {
    "verdict": _("Choose a verdict: true, false or unverified."),
    "confidence": _("Say how sure you are."),
    "pointer": _("Choose the sentence, or “None: the files do not say”."),
    "look": _("This form is incomplete. Open the question again."),
    "mode": _("Choose a quick round or an investigation."),
    "size": _("Choose 5, 10 or all questions."),
    "not_shown_yet": _("Open the question before answering it."),
    "nothing_to_practise": _("Nothing is due for practice now. Play a set instead."),
    "class_code": _("No class can be joined with this code. Look at it once more, or ask for it."),
    "class_name_length": _("The name of a class has 1 to 60 characters."),
    "class_name_characters": _("Use letters, digits, spaces and signs that can be seen."),
    "class_name_taken": _("You have a class of this name already."),
    "class_full": _("This class is full."),
    "too_many_classes": _("Delete a class that is over before making another one."),
    "retention": _("Choose one of these times."),
    "no_code": _("No free code was found. Try again."),
    "no_names": _("Too few pseudonyms are free. Try again with fewer cards."),
    "card_count": _("Choose a number from 1 to 40."),
    "cards_made": _(
        "This form was sent twice: the accounts are made, once. If the card was not seen, the "
        "trainer can give a new passphrase."
    ),
    "label_length": _("A label has 1 to 40 characters."),
    "code_form": _("A code has six letters and digits."),
    "code_unknown": _("No room has this code now. Look at the screen again."),
    "room_locked": _("The room is locked: nobody new can come in now."),
    "room_of_class": _("This room is for a class. Sign in with your card first."),
    "name_offered": _("Choose one of the three names."),
    "seat_name_length": _("A name in a room has 2 to 20 characters."),
    "seat_name_taken": _("Somebody in this room has this name already. Choose another one."),
    "room_sets": _("Choose at least one set, or a class whose weak skills to practise."),
    "no_weak_skill": _("Too little is known of this class’s skills yet. Choose sets instead."),
    "room_class": _("Choose one of your classes, or anyone."),
    "room_size": _("Choose how many questions: 1 to 20."),
    "room_mode": _("Choose how it is played."),
    "timer": _("Choose no limit, or 30 to 300 seconds."),
    "scoring": _("Choose how points are given."),
    "leaderboard": _("Choose what the leaderboard shows."),
    "naming": _("Choose whether names are drawn or chosen."),
    "move": _("The room cannot do that now. Go back and look where it stands."),
    "csrf": _("This page was open too long or in another session. Go back and reload it."),
    # the desk: sets
    "set_title": _("Give the set a title, in one language at least."),
    "set_title_length": _("A title has at most 120 characters."),
    "set_summary_length": _("A summary has at most 400 characters."),
    "set_languages": _("Choose at least one language."),
    "too_many_sets": _("You have 200 sets. Delete one before making another."),
    "too_many_questions": _("A set has at most 300 questions."),
    "document_quoted": _("A question quotes this document. Take the quote out first."),
    "split_some": _("Tick some of the questions, not all of them."),
    "merge_same": _("A set cannot be merged with itself."),
    "merge_other": _("Choose a set to copy the questions from."),
    "set_published": _("This set was published: archive it instead. Players keep their answers."),
    "question_move": _("A question goes up or down."),
    "share_nobody": _("No other trainer has exactly this name."),
    "too_many_shares": _("A set can be shared with 50 trainers at most."),
    "right": _("Choose whether they may read or edit it."),
    "step": _("Choose what is to happen with the set."),
    "set_step": _("The set has moved on meanwhile. Go back and look where it stands."),
    "set_not_ready": _("Something in the set must be mended before it can be published."),
    "nothing_changed": _("Players have exactly this already: nothing has changed since."),
    # The desk's editor.
    "quote_length": _("A quote has 3 to 600 characters."),
    "quote_place": _("This passage is not in a document of the set. Select it again."),
    "quote_not_unique": _("This passage stands more than once. Select a few words more."),
    "quote_twice": _("These words stand in several places. Choose one."),
    "quote_nearest": _("These words do not stand there. This passage is the nearest:"),
    "quote_not_found": _("No document of the set says anything like it."),
    "too_many_quotes": _("A question has at most 8 quotes. Remove one first."),
    "field_length": _("This text is too long."),
    "field_value": _("Choose one of the answers offered."),
    "as_of": _("Give a day, like 2026-01-31."),
    "contrast_other": _("Choose another question of this set."),
    # the desk: readings, conversations, disputes
    "reader_unknown": _("No other trainer has exactly this name."),
    "reader_not_blind": _(
        "Whoever may read this set has seen its verdicts, and cannot read it blind. Ask somebody "
        "else."
    ),
    "reader_asked": _("This trainer has been asked already."),
    "note_length": _("A note has at most 1,000 characters."),
    "claim_changed": _("The claim or a file has changed meanwhile: read it again."),
    "reading_over": _("This reading is finished: nothing in it changes any more."),
    "reading_unanswered": _("Some claims have no answer yet. Tick the box to finish all the same."),
    "comment_length": _("Write 1 to 2,000 characters."),
    "dispute_length": _("Say in 10 to 1,000 characters what in the file makes you think so."),
    "dispute_open": _("You have disputed this already. The answer will be shown here."),
    # the desk: documents
    "document_empty": _("There is no text. Paste one, or choose a file."),
    "document_length": _("The text is over 400 kB long. Keep the part your questions are about."),
    "document_lines": _("The text has over 5,000 lines. Keep the part your questions are about."),
    "answer_of_editors": _("You may read this set only: those who edit it answer the learner."),
    "document_upload": _(
        "The file is over 20 MB. Bring a smaller one, or paste the text you need."
    ),
    "too_many_documents": _("You have 500 documents. Delete one before bringing another."),
    "document_title": _("Give the document a title, in one language at least."),
    "document_language": _("Choose the language of the document."),
    "document_date": _("Choose one: none stated, a day, or a first and a last day in order."),
    "headline_absent": _("The headline must stand in the text, character for character."),
    "disclosure_absent": _("These words do not stand in the text, character for character."),
    "document_changed": _("Somebody changed the document meanwhile. Go back and look at it again."),
    "document_used": _("A set uses this document. Take it out of the set first."),
    "document_not_own": _("Only the trainer who brought the document can delete it."),
    "region": _("Choose the paragraphs, from first to last, and what they are."),
    "document_field": _("This is too long. Shorten it a little."),
    # The desk: files.
    "upload_none": _("Choose a file first; an empty one holds nothing."),
    "upload_size": _("This file is larger than 20 MB. Split it into several."),
    "upload_zip": _("Choose a ZIP file."),
    "upload_table": _("Choose a CSV or XLSX file."),
    "bring_sets": _("Tick at least one set to bring in."),
    "bring_table": _("This table cannot be brought in as it is. Mend it and bring it again."),
    "set_unfinished": _("A ZIP file holds finished questions only. These are not finished yet:"),
    "set_empty": _("The set needs a document and a question first."),
    "set_unwritable": _("Some text of the set cannot be written to a file: look for odd signs."),
}
_ROOM_MODES: Mapping[RoomMode, LazyString] = {
    RoomMode.QUICK: _("Quick"),
    RoomMode.TWO_LOOKS: _("Two looks"),
    RoomMode.EVIDENCE: _("With evidence"),
}
_PHASES: Mapping[Phase, LazyString] = {
    Phase.LOBBY: _("Lobby"),
    Phase.QUESTION: _("Question open"),
    Phase.SECOND_LOOK: _("File open"),
    Phase.CLOSED: _("Closed"),
    Phase.REVEAL: _("Verdict shown"),
    Phase.STANDINGS: _("Standings"),
    Phase.DEBRIEF: _("Debrief"),
    Phase.FINISHED: _("Finished"),
}
TIERS: Mapping[Tier, LazyString] = {
    Tier.FRONT: _("Front third"),
    Tier.MIDDLE: _("Middle third"),
    Tier.CHASING: _("Chasing third"),
}
MOVES: Mapping[Move, str] = {
    Move.NEXT: "arrow-right",
    Move.RESUME: "play",
    Move.EXTEND: "timer",
    Move.PAUSE: "pause",
    Move.SKIP: "skip-forward",
    Move.LOBBY: "users",
    Move.END: "flag",
}
"""A host's moves in the order of their buttons, with their icons."""

_MOVES: Mapping[Move, LazyString] = {
    Move.RESUME: _("Go on"),
    Move.EXTEND: _("30 s more"),
    Move.PAUSE: _("Pause"),
    Move.SKIP: _("Skip this question"),
    Move.LOBBY: _("Back to the lobby"),
    Move.END: _("End the round"),
}
_LEANS: Mapping[Lean, LazyString] = {
    Lean.TRUE: _("“True” comes up too often: see whether the file really says so."),
    Lean.FALSE: _("“False” comes up too often: doubt is good, but see what the file supports."),
    Lean.UNVERIFIED: _("“Unverified” comes up too often: look again, the file may settle it."),
    Lean.NONE: _("You do not lean clearly towards one verdict."),
}


def words(text: str) -> str:
    """What the question checker says, in the reader's language; plain text as it is."""
    if not isinstance(text, Message):
        return text
    values = {
        name: words(value) if isinstance(value, str) else value
        for name, value in text.values.items()
    }
    template = str(gettext(text.template))
    return template.format(**values) if values else template


def verdict(which: Verdict) -> str:
    """The verdict's name."""
    return str(_VERDICTS[which])


def verdict_meaning(which: Verdict) -> str:
    """What the verdict says of the file."""
    return str(_MEANINGS[which])


def confidence(which: Confidence) -> str:
    """The confidence level's name."""
    return str(_CONFIDENCES[which])


def stance(which: Stance) -> str:
    """How a quote bears on the claim."""
    return str(_STANCES[which])


def field(name: str) -> str:
    """A field of a question in words; the name itself where there are none."""
    return str(_FIELDS.get(name, name))


def region(which: RegionKind) -> str:
    """The part of the page."""
    return str(_REGIONS[which])


def mode(which: Mode) -> str:
    """How a round is played."""
    return str(_MODES[which])


def room_mode(which: RoomMode) -> str:
    """How a room is played."""
    return str(_ROOM_MODES[which])


def room_mode_named(value: str) -> str:
    """The same, for the value that a form sends."""
    return room_mode(RoomMode(value))


def phase(which: Phase) -> str:
    """What a room is doing."""
    return str(_PHASES[which])


def tier(which: Tier) -> str:
    """The third of a class."""
    return str(TIERS[which])


def move(which: Move, rules: Rules, state: State) -> str:
    """What a host's button does now; the next step is named after where it leads."""
    if which is not Move.NEXT:
        return str(_MOVES[which])
    is_last = state.position >= rules.size
    onward = gettext("Debrief") if is_last else gettext("Next question")
    ranked = rules.leaderboard is not Leaderboard.OFF
    return str(
        {
            Phase.LOBBY: onward if state.position else gettext("Start"),
            Phase.QUESTION: gettext("Open the file") if rules.has_two_looks else gettext("Close"),
            Phase.SECOND_LOOK: gettext("Close"),
            Phase.CLOSED: gettext("Reveal"),
            Phase.REVEAL: gettext("Standings") if ranked else onward,
            Phase.STANDINGS: onward,
        }.get(state.phase, gettext("Close the room"))
    )


def problem(code: str) -> str:
    """What is wrong with an input, and the mend: the message or the code of a BadInput."""
    return words(code) if isinstance(code, Message) else str(_PROBLEMS[code])


def lean_sentence(figures: Summary) -> str:
    """One line on bias in plain words: which verdict is given too often, if that can be said."""
    leaning = figures.lean
    if leaning is None:
        return str(gettext("Too few answers to say whether you lean towards one verdict."))
    return str(_LEANS[leaning])


def round_lean_sentence(figures: Summary) -> str:
    """The same for one round: what stands out is told as a fact, not yet as a habit."""
    if figures.lean is not None:
        return lean_sentence(figures)
    confusion = figures.confusion
    excess = {v: confusion.column(v) - confusion.row(v) for v in Verdict}
    most = max(excess, key=lambda v: excess[v])
    if excess[most] < NOTABLE_EXCESS:
        return str(gettext("Your verdicts were spread much like those of the files."))
    return str(
        gettext(
            "You said “%(verdict)s” %(said)s ×; in the files it was %(truth)s ×. One round is too "
            "short to call it a habit.",
            verdict=verdict(most).lower(),
            said=confusion.column(most),
            truth=confusion.row(most),
        )
    )


def overconfidence_sentence(figure: Figure) -> str:
    """Confidence against results in plain words; only as sure as the interval allows."""
    interval = figure.interval
    if interval is not None and interval.low > 0:
        return str(gettext("You are surer than your results allow."))
    if interval is not None and interval.high < 0:
        return str(gettext("Your answers are right more often than you dare to say."))
    return str(gettext("Your confidence fits your answers, as far as can be told."))


_CLASS_LEANS: Mapping[Lean, LazyString] = {
    Lean.TRUE: _("The class says “true” too often: does the file really say so?"),
    Lean.FALSE: _(
        "The class says “false” too often: doubt is good, but what does the file support?"
    ),
    Lean.UNVERIFIED: _("The class says “unverified” too often: the file may settle more."),
    Lean.NONE: _("The class does not lean clearly towards one verdict."),
}


def class_lean_sentence(figures: Summary) -> str:
    """One line on a class's bias."""
    leaning = figures.lean
    if leaning is None:
        return str(gettext("Too few answers to say whether the class leans towards one verdict."))
    return str(_CLASS_LEANS[leaning])


def class_confidence_sentence(figure: Figure) -> str:
    """A class's confidence against its results."""
    interval = figure.interval
    if interval is not None and interval.low > 0:
        return str(gettext("It is surer than its results allow."))
    if interval is not None and interval.high < 0:
        return str(gettext("It is right more often than it dares to say."))
    return str(gettext("Its confidence fits its answers, as far as can be told."))
