"""The files on buttons: the result again, its parts in three formats, the rejected lines."""

import asyncio
import io
import logging
import time
import zipfile
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramEntityTooLarge

from bot.cards import Action, Button, Card, Press, lines, short
from bot.countries import countries_of
from bot.job import Job
from bot.known import UNKNOWN, changed
from bot.number_list import Reason, Rejected
from bot.packing import PackedList, Reading, rejected_of
from bot.parts import Format, PartRequest, plain_lines, table
from bot.preview import Terms, titled, when_checked
from bot.report import rejected_file, result_name
from bot.summary import document, file_name, result_buttons, sheet_words
from bot.texts import Texts
from handlers.answers import send_file
from storage.lists import Lists
from storage.memory import Memory

logger = logging.getLogger(__name__)

Tables = Callable[[PartRequest], Awaitable[bytes]]
"""Writes a workbook or a CSV apart from this process."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some numbers of a result: those with a letter; what their file is called, and what it says under it."""

    letter: str
    name: str
    caption: str
    was: str | None = None
    """The letter they had before, where all were checked again."""


PARTS = {
    Action.ONLY_YES: Part("y", "yes", "only-yes-caption"),
    Action.ONLY_NO: Part("n", "no", "only-no-caption"),
    Action.ONLY_UNDETERMINED: Part("u", "undetermined", "only-undetermined-caption"),
    Action.NEWLY: Part("y", "newly", "newly-caption", was="n"),
    Action.GONE: Part("n", "gone", "gone-caption", was="y"),
}


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
    tables: Tables
    usual: Callable[[int], Awaitable[Format]]
    """Gives the format that a chat's files come in by default."""
    one_table: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
    """A large one takes a core for a minute: the checks need the other."""

    @property
    def actions(self) -> frozenset[Action]:
        """Give the actions that ask for a file. Everybody in the chat may: the list and its result were shown to it."""
        return frozenset({*PARTS, Action.FILE, Action.REJECTED})

    async def make(self, job: Job, asked: Press, texts: Texts, *, group: str | None = None) -> ResultFile | None:
        """Make the file that was asked for; None where what it is made of is not kept any more.

        Args:
            job: The list.
            asked: Which file, and a part of a result in which format.
            texts: The language of who asks.
            group: The title of the list's group, where the file goes to a person.
        """
        if asked.action is Action.REJECTED:
            return await self._rejected(job, texts, group)
        if asked.action is Action.FILE:
            return await self._result(job, texts, group)
        return await self._part(job, asked, texts, group)

    async def send(self, bot: Bot, job: Job, file: ResultFile, *, person_id: int | None = None) -> None:
        """Send the file into the job's chat or to a person, by Telegram's name of it where that is still known."""
        if file.known_as is not None:
            try:
                await send_file(bot, job, file.name, file.known_as, file.card, person_id=person_id)
            except TelegramBadRequest as error:
                logger.info("Telegram does not know a file of ours any more: %s", error.message)
            else:
                return
        try:
            await send_file(bot, job, file.name, file.content, file.card, person_id=person_id)
        except TelegramEntityTooLarge:
            packed = await asyncio.to_thread(_zipped, file)
            await send_file(bot, job, f"{file.name}.zip", packed, file.card, person_id=person_id)

    async def _part(self, job: Job, asked: Press, texts: Texts, group: str | None) -> ResultFile | None:
        part = PARTS[asked.action]
        kind = Format(asked.word) if asked.word in set(Format) else await self.usual(job.chat_id)
        packed, result = await self.lists.numbers(job.id), await self.lists.result(job.id)
        if packed is None or result is None or result.verdicts is None:
            return None
        codes = await self._marked(job, result.verdicts, part)
        count = codes.count(part.letter)
        if not count:  # all of them were forgotten, and Telegram takes no empty file
            return None
        is_table = job.reading is not None and Reading.from_json(job.reading).has_rows
        content = await self._written(
            PartRequest(packed, codes, part.letter, {}, kind, result.workbook if is_table else None), texts
        )
        said = texts.say(part.caption, name=titled(job, texts), count=count, date=texts.day_there(when_checked(job)))
        others = tuple(
            Button(f".{other}", Press(asked.action, job.token, other).pack()) for other in Format if other is not kind
        )
        return ResultFile(_file_name(job, part.name, kind), content, captioned(said, texts, group, (others,)))

    async def _marked(self, job: Job, codes: str, part: Part) -> str:
        """Leave the letter only to numbers that had another answer before, where the part is about those."""
        if part.was is None:
            return codes
        known = await Memory(self.lists.database).known(job.id)
        return "" if known is None else await asyncio.to_thread(_only_changed, known.codes, codes, part)

    async def _written(self, part: PartRequest, texts: Texts) -> bytes:
        if part.kind is Format.TXT:
            return await asyncio.to_thread(plain_lines, part.sent, part.codes, part.letter)
        found = await asyncio.to_thread(countries_of, part.sent, part.codes)
        named = replace(part, countries={one.region: texts.country(one.region) for one in found})
        if part.kind is Format.CSV and part.rows is None:
            return await asyncio.to_thread(table, part.sent, part.codes, part.letter, named.countries)
        async with self.one_table:
            return await self.tables(named)

    async def _rejected(self, job: Job, texts: Texts, group: str | None) -> ResultFile | None:
        packed = await self.lists.numbers(job.id)
        if packed is None:
            return None
        count, content = await asyncio.to_thread(_rejected, packed, texts)
        if not content:
            return None
        said = texts.say("rejected-caption", name=titled(job, texts), count=count)
        return ResultFile(_file_name(job, "rejected"), content, captioned(said, texts, group))

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
        card = captioned(lines(said, found), texts, group, buttons)
        name, content = document(job, workbook=result.workbook, raw=result.raw)
        return ResultFile(name, content, card, job.result_file_id)


def _zipped(file: ResultFile) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(file.name, file.content)
    return stream.getvalue()


def _only_changed(known: str, codes: str, part: Part) -> str:
    is_meant = changed(known, codes, old=part.was or "", new=part.letter)
    return "".join(part.letter if meant else UNKNOWN for meant in is_meant)


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


def captioned(said: str, texts: Texts, group: str | None, buttons: tuple[tuple[Button, ...], ...] = ()) -> Card:
    """Name the group as well, where the file goes to a person."""
    return Card(lines(said, texts.say("summary-group", title=short(group)) if group else None), buttons)


def _file_name(job: Job, part: str, kind: Format = Format.TXT) -> str:
    day = datetime.fromtimestamp(job.finished_at or time.time(), UTC).date()
    return result_name(file_name(job), day).replace("_checked_", f"_{part}_").removesuffix(".xlsx") + f".{kind}"
