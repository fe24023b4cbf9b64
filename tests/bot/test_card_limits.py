"""Every card of the bot, with the longest names and the largest numbers there are, within Telegram's limits.

A new card is one line in ``CARDS``, or, where the database draws it, one line in ``SAID``.
"""

import html
import math
import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendDocument, SendMessage
from aiogram.types import ForceReply

from bot import access_cards, approvals
from bot.approvals import Approval, Standing
from bot.cards import Button, Card
from bot.help import Facts, Topic, about, menu, start
from bot.history import PAGE_JOBS, Kept, Seen, Spot, ask_to_forget, job_card, page
from bot.job import Failure, Job, JobState, Waiting
from bot.number_list import Reason, Rejected
from bot.packing import Reading
from bot.preview import MORE_COUNTRIES, SameList, Terms, preview
from bot.progress import being_read, failed, progress
from bot.quotas import Quota, Reached, Scope, Span, Used, quota_reached
from bot.searching import search_for
from bot.spend import Line, spend_card
from bot.summary import Way, caption, counts, in_a_zip, raw_caption
from bot.task_ids import Doubt
from bot.texts import Texts, load_texts
from bot.unsure import Compared, doubtful, unsure, unsure_for_admin, unsure_list
from storage.access_requests import Decision, Request
from tests.fakes import ADMIN, ANNA, BORIS, MOST, NOW, TEAM, Stage, a_job, labels, seen, stage

TEXT_UNITS, CAPTION_UNITS, COPY_UNITS, DATA_BYTES, ALERT_UNITS = 4096, 1024, 256, 64, 200
ROW_BUTTONS, ALL_BUTTONS, LABEL_UNITS = 8, 100, 140
LINE_COLUMNS, SCREEN_LINES, FOLDED_LINES = 42, 22, 3
"""What a phone shows at once, with letters of an ordinary size; an expandable quotation is folded to three lines."""

NAMES = {
    "usual": "base_nov.txt",
    "emoji and tags": ("😀<b>&amp;\u202e" * 40)[:250],
    "combining marks": "Z\u0351\u036b\u0343" * 60,
    "right to left": "قائمة الأرقام " * 20,
    "one long word": "W" * 250,
    "quotes and entities": "\"'&lt;&#128512;</b><a href='x'>" * 10,
    "other blanks": "a\u2003\u200b\u00ad\t\n" * 40,
}
"""What files and people are called."""
DEAR = Terms(Decimal(100_000), "XOF", pace=0.01, minimum=MOST)
COST = f"{10**9}.123456789 XOF"
REGIONS = tuple((region, 1_234_567) for region in MORE_COUNTRIES)
LAST_ID = 2**47
"""No database of ours numbers its lists further."""
TASK = "cs9viu7i61pkfs4oavvg" * 5


@dataclass(frozen=True)
class Called:
    """Draws cards for somebody and something with this name, with counts and prices of this size."""

    name: str
    texts: Texts
    most: int = MOST
    terms: Terms = DEAR

    @property
    def reading(self) -> Reading:
        rejected = Rejected(self.most, self.name, Reason.NOT_VALID_IN_COUNTRY, "CD")
        return Reading(
            self.most, self.most, self.most, 5, REGIONS, len(REGIONS) + 200, (rejected,) * 5, MORE_COUNTRIES[:8], None
        )

    def job(self, state: JobState = JobState.CONFIRMING, *, chat_id: int = TEAM["id"], **changed: Any) -> Job:
        values: dict[str, Any] = {
            "id": LAST_ID,
            "chat_id": chat_id,
            "state": state,
            "name": self.name,
            "starter_name": self.name,
            "task_id": TASK[:20] if self.name == NAMES["usual"] else TASK,
            "detail": self.name * (6 if self.name == NAMES["usual"] else 20),
            "failure": Failure.REFUSED_BY_API if state is JobState.REFUSED else Failure.TASK_UNKNOWN,
            "valid": self.most,
            "known": self.most // 2,
            "to_check": 0 if state is JobState.CONFIRMING else self.most,
            "newly": self.most // 3,
            "gone": self.most // 3,
            "repeated": self.most,
            "rejected": self.most,
            "reading": self.reading.to_json(),
            "region": "CD",
            "amount": COST,
            "attempts": 10**9 - 1,
            "read_revision": 10**9 - 1,
            "list_revision": 10**9 - 1,
            "card_message_id": 10**9,
            "submitted_at": NOW - 10.0**6,
            "state_since": NOW - 10.0**6,
            "moved_at": float(NOW),
            "pace": 1.23,
            "done": self.most // 3,
        }
        return a_job(**(values | changed))

    @property
    def checked(self) -> Job:
        third = self.most // 3
        return self.job(
            JobState.DONE, yes=self.most - 2 * third, no=third, undetermined=third, finished_at=NOW + 900_000.0
        )

    @property
    def approval(self) -> Approval:
        more: dict[str, Any] = {
            "decided_by": 13,
            "decided_by_name": self.name,
            "decided_at": float(NOW),
            "only_new": True,
        }
        return Approval(1, "t" * 16, 1, 1, self.most, 2**52, self.name, float(NOW), None, told_at=None, **more)

    @property
    def request(self) -> Request:
        asks = ("chat_id", "chat_title", "person_id", "person_name", "username", "language", "leave_at")
        values: dict[str, Any] = dict(
            zip(asks, (-(2**52), self.name, 2**52, self.name, "u" * 32, "en", float(NOW)), strict=True)
        )
        return Request(id=1, token="t" * 16, members=self.most, **values)


def previews(called: Called) -> Iterable[Card]:
    same = SameList(called.checked, called.job(JobState.UNSURE))
    for choosing in (False, True):
        job = called.job(choosing_country=choosing, failure=Failure.TOO_SMALL)
        card = preview(job, called.reading, called.terms, called.texts, adding=True, same=same)
        yield card
        for standing in (
            Standing(called.most),
            Standing(called.most, called.approval),
            Standing(called.most, None, nobody_reached=True),
        ):
            yield approvals.beside_preview(card, replace(job, list_revision=1), standing, called.texts)


def stages(called: Called) -> Iterable[Card]:
    for state in set(JobState) - {JobState.READING, JobState.CONFIRMING}:
        for waiting in (None, *Waiting):
            if (waiting is Waiting.RESULT) is (state is JobState.QUEUED):
                continue
            job = replace(called.job(state), waiting=waiting, yes=called.most)
            for at in (0, 600, 3600):
                yield progress(job, called.terms, called.texts, NOW + at, before=called.most)
                yield being_read(job, 100, called.texts)
                yield progress(replace(job, done=0), called.terms, called.texts, NOW + at)


def ends(called: Called) -> Iterable[Card]:
    for failure in Failure:
        yield failed(called.job(JobState.FAILED, failure=failure), called.texts, named=True)
        if failure is not Failure.TASK_OF_ANOTHER_LIST:  # only a named one can be
            yield failed(called.job(JobState.FAILED, failure=failure), called.texts)


HAS_RESULT = frozenset({JobState.DELIVERING, JobState.DONE, JobState.UNDELIVERABLE})


def job_cards(called: Called) -> Iterable[Card]:
    spot = Spot(search_for("ноябрь " * 9, NOW), LAST_ID)
    for state in JobState:
        for kept in (Kept(True, True, True, False), Kept(True, True, False, True), Kept(False, False, False, False)):  # noqa: FBT003  (four in a row)
            known = Seen(kept, called.terms, float(NOW), named=True, private_files=True, in_admins_chat=True)
            found = called.checked if state in HAS_RESULT else called.job(state)
            yield job_card(replace(found, state=state), spot, known, called.texts)
            yield job_card(replace(called.job(state), forgotten_at=1.0), spot, known, called.texts)
    yield ask_to_forget(called.checked, spot, called.texts)


def pages(called: Called) -> Iterable[Card]:
    for words in (called.name, "ноябрь", ""):
        spot, in_group = Spot(search_for(words, NOW), LAST_ID), True
        listed = [called.checked] * PAGE_JOBS
        yield page(listed, spot, called.texts, in_group=in_group, newer=LAST_ID, older=LAST_ID)
        yield page([], spot, called.texts, in_group=in_group, newer=LAST_ID, older=None)


def questions(called: Called) -> Iterable[Card]:
    job, balances = called.job(JobState.UNSURE), Compared(Decimal(10**9), Decimal("999999999.99999"))
    yield unsure(job, called.terms, called.texts, balances, in_admins_chat=True)
    yield unsure_for_admin(job, called.terms, called.texts, balances)
    yield unsure_list([job] * 30, called.texts)
    for doubt in Doubt:
        yield doubtful(job, TASK[:64], doubt, called.texts)


def admins(called: Called) -> Iterable[Card]:
    job = called.job()
    yield approvals.question(job, called.approval, called.terms, called.texts, title=called.name)
    yield approvals.not_now(job, called.approval, called.texts)
    for decision in approvals.Decision:
        ended = replace(called.approval, decision=decision)
        yield approvals.decided(job, ended, called.texts, title=called.name)
    yield access_cards.question(called.request, called.texts, members=called.most, files=called.most)
    yield access_cards.notice(called.request, called.texts, members=called.most)
    for answer in Decision:
        ended_request = replace(called.request, decision=answer, decided_by_name=called.name, decided_at=1.0)
        yield access_cards.decided(ended_request, called.texts)


def spendings(called: Called) -> Iterable[Card]:
    line = Line(-(2**52), called.name, 2**52, called.name, called.most, called.most, called.most, Decimal(10**9), "XOF")
    used = [(Quota(scope, span, called.most), Used(called.most, called.most)) for scope in Scope for span in Span]
    for everywhere in (False, True):
        yield spend_card([line] * 40, float(NOW), called.texts, used, everywhere=everywhere)


def first_contact(called: Called) -> Iterable[Card]:
    facts = Facts("u" * 32, 10_000, Decimal(10**9), "XOF")
    yield start(called.texts)
    yield menu(facts, called.texts, for_admin=True)
    for topic in Topic:
        yield about(topic, facts, called.texts)


def captions(called: Called) -> Iterable[Card]:
    for job in (called.checked, replace(called.checked, undetermined=called.most, yes=0, no=0)):
        yield in_a_zip(caption(job, called.terms, called.texts, repeat=True, group=called.name), called.texts)
        yield raw_caption(job, called.texts, repeat=True, group=called.name)


def group_counts(called: Called) -> Iterable[Card]:
    for way in Way:
        for job in (called.checked, called.job(JobState.DONE)):
            yield counts(job, called.terms, called.texts, way, link="https://t.me/" + "u" * 60, repeat=True)


CARDS: dict[str, Callable[[Called], Iterable[Card]]] = {
    "preview": previews,
    "progress and last lines": stages,
    "checks that failed": ends,
    "pages of /jobs": pages,
    "cards of /jobs": job_cards,
    "unsure": questions,
    "what admins decide": admins,
    "spend": spendings,
    "start and help": first_contact,
    "counts in a group": group_counts,
}
"""What is a message of text."""
CAPTIONS: dict[str, Callable[[Called], Iterable[Card]]] = {"result": captions}
"""What stands under a file."""
LONGER_THAN_A_SCREEN = {"preview", "unsure", "spend"}
"""Cards that are lists, or say everything that can be said at once, which no one list has."""


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def screen_lines(text: str) -> int:
    """Count the lines that a phone shows."""
    folded = re.sub("<blockquote expandable>.*?</blockquote>", "\n" * (FOLDED_LINES - 1), text, flags=re.DOTALL)
    return sum(max(math.ceil(len(line) / LINE_COLUMNS), 1) for line in seen(folded).split("\n"))


def assert_fits(text: str, rows: Iterable[Iterable[Button]], most: int = TEXT_UNITS) -> None:
    """Look at a message as Telegram does."""
    drawn = [list(row) for row in rows]
    plain = re.sub(r'<tg-time unix="\d+" format="[dDtT]+">|</?(b|i|code|blockquote|tg-time)( expandable)?>', "", text)
    assert "<" not in plain, "something foreign is not escaped"
    assert 0 < units(html.unescape(plain)) <= most
    assert len(drawn) == len([row for row in drawn if row]), "a row without buttons"
    assert sum(map(len, drawn)) <= ALL_BUTTONS
    for row in drawn:
        assert len(row) <= ROW_BUTTONS
        for button in row:
            assert 0 < units(button.label) <= LABEL_UNITS
            assert button.data is None or 0 < len(button.data.encode()) <= DATA_BYTES, button.data
            assert button.copies is None or 0 < units(button.copies) <= COPY_UNITS
            assert sum(one is not None for one in (button.data, button.copies, button.url)) == 1


@pytest.mark.parametrize("texts", load_texts().values(), ids=load_texts().keys())
@pytest.mark.parametrize("kind", [*CARDS, *CAPTIONS])
def test_every_card_is_within_telegrams_limits(kind: str, texts: Texts) -> None:
    for name in NAMES.values():
        for card in (CARDS | CAPTIONS)[kind](Called(name, texts)):
            assert_fits(card.text, card.rows, CAPTION_UNITS if kind in CAPTIONS else TEXT_UNITS)


@pytest.mark.parametrize("texts", load_texts().values(), ids=load_texts().keys())
@pytest.mark.parametrize("kind", sorted({*CARDS, *CAPTIONS} - LONGER_THAN_A_SCREEN))
def test_what_is_ours_fits_on_a_phone(kind: str, texts: Texts) -> None:
    for card in (CARDS | CAPTIONS)[kind](Called(NAMES["usual"], texts)):
        assert screen_lines(card.text) <= SCREEN_LINES, card.text


@pytest.mark.parametrize("texts", load_texts().values(), ids=load_texts().keys())
@pytest.mark.parametrize("scope", Scope)
@pytest.mark.parametrize("used", [Used(MOST, MOST), Used(MOST, 0), Used(0, 0)])
def test_alerts_about_quotas_are_short_enough(texts: Texts, scope: Scope, used: Used) -> None:
    for limit in (MOST * 10, 1):
        for span in Span:
            said = quota_reached(Reached(Quota(scope, span, limit), used, MOST, float(NOW)), texts)
            assert units(said) <= ALERT_UNITS


SAID = (
    *("/jobs", "/cancel", "/forget", "/country", "/country " + "x" * 300, "/language", "/privacy", "/settings"),
    *("/check", "/start", "/help", "/access", "/unsure", "/spend", "/pause", "/resume", "/jobs " + "ж" * 300, "hello"),
    "/" + "ж" * 300,
)
"""Commands whose answers the database draws; each is said in private and in the group, by a person and an admin."""


@pytest.mark.parametrize("name", ["emoji and tags", "combining marks"])
async def test_every_answer_is_within_telegrams_limits(name: str, tmp_path: Path, fresh_database: Path) -> None:
    shutil.copy(fresh_database, tmp_path / "bot.db")
    async with stage(tmp_path, approve_above=1) as team:
        await talk_about_everything(team, NAMES[name])
        texts = [call for call in team.telegram.calls if isinstance(call, SendMessage | EditMessageText)]
        assert len(texts) > len(SAID) * 3
        for call in texts:
            assert_fits(call.text or "", rows_of(call.reply_markup))
        for file in team.of(SendDocument):
            assert_fits(file.caption or "", rows_of(file.reply_markup), CAPTION_UNITS)
        assert all(units(call.text or "") <= ALERT_UNITS for call in team.of(AnswerCallbackQuery))


async def talk_about_everything(team: Stage, name: str) -> None:
    called = name[:64]
    people = [person | {"first_name": called} for person in (ANNA, BORIS, ADMIN)]
    for person_id in range(500, 520):
        await team.groups.allow(TEAM["id"], person_id, called)
    team.telegram.members |= {(TEAM["id"], person["id"]): "administrator" for person in (ANNA, BORIS)}
    await team.chats.note_title(TEAM["id"], name)
    jobs = []
    for person in people:
        for chat in (None, TEAM):
            for _ in range(7):
                sent = await team.sends(name, person=person, chat=chat, caption="/check", caption_entities=MARKS)
                jobs.append(await team.read(await team.job_of(sent)))
            await team.presses("set:who:named", person=ADMIN, chat=TEAM)
            for said in SAID:
                await team.says(said, person=person, chat=chat)
    for job in jobs[::5]:
        for action in ("check", "cancel", "forget", "again", "file", "rejected", "close", "open"):
            await team.presses(f"{action}:{job.token}:1", person=people[1], chat=TEAM)


MARKS = [{"type": "bot_command", "offset": 0, "length": 6}]


def rows_of(markup: Any) -> list[list[Button]]:
    if markup is None or isinstance(markup, ForceReply):
        return []
    assert labels(markup)
    return [
        [
            Button(one.text, one.callback_data, copies=one.copy_text.text if one.copy_text else None, url=one.url)
            for one in row
        ]
        for row in markup.inline_keyboard
    ]
