"""The files on buttons: the result again, only yes, only undetermined, the rejected lines."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import compress

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest

from bot.cards import Action, Button, Card, lines, short
from bot.job import Job
from bot.known import changed
from bot.number_list import Reason, Rejected
from bot.packing import PackedList, lines_of, rejected_of
from bot.preview import Terms, titled, when_checked
from bot.report import only, rejected_file, result_name
from bot.results import Verdict, Verdicts
from bot.summary import document, file_name, result_buttons, sheet_words
from bot.texts import Texts
from handlers.answers import send_file
from storage.lists import Lists
from storage.memory import Memory

logger = logging.getLogger(__name__)

PARTS = {
    Action.ONLY_YES: (Verdict.YES, "only-yes-caption", "yes"),
    Action.ONLY_UNDETERMINED: (Verdict.UNDETERMINED, "only-undetermined-caption", "undetermined"),
}


CHANGES = {
    Action.NEWLY: (("n", "y"), "newly-caption", "newly"),
    Action.GONE: (("y", "n"), "gone-caption", "gone"),
}
"""What a number was and is now, where all were checked again."""


@dataclass(frozen=True, slots=True)
class ResultFile:
    """A file ready to be sent."""

    name: str
    content: bytes
    card: Card
    known_as: str | None = None
    """Telegram's name of the same file, sent before."""


@dataclass(frozen=True, slots=True)
class ResultFiles:
    """Makes the files from what is stored, for as long as it is."""

    lists: Lists
    terms: Terms
    """What a check costs."""

    @property
    def actions(self) -> frozenset[Action]:
        """Give the actions that ask for a file. Everybody in the chat may: the list and its result were shown to it."""
        return frozenset({*PARTS, *CHANGES, Action.FILE, Action.REJECTED})

    async def make(self, job: Job, action: Action, texts: Texts, *, group: str | None = None) -> ResultFile | None:
        """Make the file that was asked for; None where what it is made of is not kept any more.

        Args:
            job: The list.
            action: Which file.
            texts: The language of who asks.
            group: The title of the list's group, where the file goes to a person.
        """
        if action is Action.REJECTED:
            return await self._rejected(job, texts, group)
        if action is Action.FILE:
            return await self._result(job, texts, group)
        if action in CHANGES:
            return await self._change(job, action, texts, group)
        return await self._part(job, action, texts, group)

    async def send(self, bot: Bot, job: Job, file: ResultFile, *, person_id: int | None = None) -> None:
        """Send the file into the job's chat or to a person, by Telegram's name of it where that is still known."""
        if file.known_as is not None:
            try:
                await send_file(bot, job, file.name, file.known_as, file.card, person_id=person_id)
            except TelegramBadRequest as error:
                logger.info("Telegram does not know a file of ours any more: %s", error.message)
            else:
                return
        await send_file(bot, job, file.name, file.content, file.card, person_id=person_id)

    async def _part(self, job: Job, action: Action, texts: Texts, group: str | None) -> ResultFile | None:
        verdict, sentence, part = PARTS[action]
        packed, result = await self.lists.numbers(job.id), await self.lists.result(job.id)
        if packed is None or result is None or result.verdicts is None:
            return None
        content = await asyncio.to_thread(_only, packed, result.verdicts, verdict)
        if not content:  # all of them were forgotten, and Telegram takes no empty file
            return None
        words = {"name": titled(job, texts), "count": content.count(b"\n"), "date": texts.day_there(when_checked(job))}
        return ResultFile(_file_name(job, part), content, _captioned(texts.say(sentence, **words), texts, group))

    async def _change(self, job: Job, action: Action, texts: Texts, group: str | None) -> ResultFile | None:
        (old, new), sentence, part = CHANGES[action]
        packed, result = await self.lists.numbers(job.id), await self.lists.result(job.id)
        known = await Memory(self.lists.database).known(job.id)
        if packed is None or result is None or result.verdicts is None or known is None:
            return None
        content = await asyncio.to_thread(_changed, packed, changed(known.codes, result.verdicts, old=old, new=new))
        if not content:
            return None
        words = {"name": titled(job, texts), "count": content.count(b"\n"), "date": texts.day(when_checked(job))}
        return ResultFile(_file_name(job, part), content, _captioned(texts.say(sentence, **words), texts, group))

    async def _rejected(self, job: Job, texts: Texts, group: str | None) -> ResultFile | None:
        packed = await self.lists.numbers(job.id)
        if packed is None:
            return None
        count, content = await asyncio.to_thread(_rejected, packed, texts)
        if not content:
            return None
        said = texts.say("rejected-caption", name=titled(job, texts), count=count)
        return ResultFile(_file_name(job, "rejected"), content, _captioned(said, texts, group))

    async def _result(self, job: Job, texts: Texts, group: str | None) -> ResultFile | None:
        result = await self.lists.result(job.id)
        if result is None:
            return None
        said = texts.say("again-caption", name=titled(job, texts), date=texts.day_there(when_checked(job)))
        found = texts.plain("number-of", count=job.to_check)
        if result.verdicts is not None:
            found = texts.say("jobs-result", yes=job.yes, no=job.no, undetermined=job.undetermined)
        terms = None if group else self.terms
        buttons = result_buttons(job, texts, terms) if result.verdicts is not None else ()
        card = _captioned(lines(said, found), texts, group, buttons)
        name, content = document(job, workbook=result.workbook, raw=result.raw)
        return ResultFile(name, content, card, job.result_file_id)


def _only(packed: PackedList, codes: str, verdict: Verdict) -> bytes:
    return only((number.decode() for number in lines_of(packed.numbers)), Verdicts(codes, 0), verdict)


def _changed(packed: PackedList, is_meant: Iterator[bool]) -> bytes:
    return b"".join(number + b"\n" for number in compress(lines_of(packed.numbers), is_meant))


def _rejected(packed: PackedList, texts: Texts) -> tuple[int, bytes]:
    """Count the rejected pieces and write them down: five million of them are never all at hand."""
    found = Counter(one.region for one in _counted(packed))
    content = rejected_file(_counted(packed), sheet_words(texts, sorted(region for region in found if region)))
    left = found.total() - content.count(b"\n")
    if left:
        content += f"{texts.plain('preview-rejected-more', count=left)}\n".encode()
    return found.total(), content


def _counted(packed: PackedList) -> Iterator[Rejected]:
    # As the preview counts them: what only lacks a country code is asked about there.
    return (one for one in rejected_of(packed) if one.reason is not Reason.NEEDS_COUNTRY)


def _captioned(said: str, texts: Texts, group: str | None, buttons: tuple[tuple[Button, ...], ...] = ()) -> Card:
    """Name the group as well, where the file goes to a person."""
    return Card(lines(said, texts.say("summary-group", title=short(group)) if group else None), buttons)


def _file_name(job: Job, part: str) -> str:
    day = datetime.fromtimestamp(job.finished_at or time.time(), UTC).date()
    return result_name(file_name(job), day).replace("_checked_", f"_{part}_").removesuffix(".xlsx") + ".txt"
