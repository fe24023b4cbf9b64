"""The files on buttons: the result again, only yes, only undetermined, the rejected lines."""

import asyncio
import logging
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest

from bot.cards import Action, Card
from bot.job import Job
from bot.number_list import Rejected
from bot.numbers import unpack
from bot.packing import PackedList, submission
from bot.preview import name_of
from bot.report import only, rejected_file, result_name
from bot.results import Verdict, Verdicts
from bot.summary import result_buttons, sheet_words
from bot.texts import Texts
from handlers.answers import send_file
from storage.lists import Lists

logger = logging.getLogger(__name__)

PARTS = {
    Action.ONLY_YES: (Verdict.YES, "only-yes-caption", "yes"),
    Action.ONLY_UNDETERMINED: (Verdict.UNDETERMINED, "only-undetermined-caption", "undetermined"),
}


@dataclass(frozen=True, slots=True)
class ResultFiles:
    """Makes the files from what is stored, for as long as it is."""

    lists: Lists

    @property
    def actions(self) -> frozenset[Action]:
        """Give the actions that ask for a file. Everybody in the chat may: the list and its result were shown to it."""
        return frozenset({*PARTS, Action.FILE, Action.REJECTED})

    async def send(self, bot: Bot, job: Job, action: Action, texts: Texts) -> bool:
        """Send the file into the job's chat; False where what it is made of is not kept any more."""
        if action is Action.REJECTED:
            return await self._send_rejected(bot, job, texts)
        if action is Action.FILE:
            return await self._send_result(bot, job, texts)
        return await self._send_part(bot, job, action, texts)

    async def _send_part(self, bot: Bot, job: Job, action: Action, texts: Texts) -> bool:
        verdict, sentence, part = PARTS[action]
        packed, result = await self.lists.numbers(job.id), await self.lists.result(job.id)
        if packed is None or result is None or result.verdicts is None:
            return False
        content = await asyncio.to_thread(_only, packed, result.verdicts, verdict)
        caption = texts.say(sentence, name=name_of(job, texts), count=content.count(b"\n"))
        await send_file(bot, job, _file_name(job, part), content, Card(caption))
        return True

    async def _send_rejected(self, bot: Bot, job: Job, texts: Texts) -> bool:
        packed = await self.lists.numbers(job.id)
        if packed is None:
            return False
        rejected, content = await asyncio.to_thread(_rejected, packed, texts)
        caption = texts.say("rejected-caption", name=name_of(job, texts), count=len(rejected))
        await send_file(bot, job, _file_name(job, "rejected"), content, Card(caption))
        return True

    async def _send_result(self, bot: Bot, job: Job, texts: Texts) -> bool:
        result = await self.lists.result(job.id)
        if result is None:
            return False
        at = job.finished_at or job.state_since
        caption = texts.say("again-caption", name=name_of(job, texts), date=texts.day(at))
        card = Card(caption, result_buttons(job, texts) if result.verdicts is not None else ())
        name = result_name(job.name, datetime.fromtimestamp(at, UTC).date())
        if job.result_file_id is not None:
            try:
                await send_file(bot, job, name, job.result_file_id, card)
            except TelegramBadRequest as error:
                logger.info("Telegram does not know a file of ours any more: %s", error.message)
            else:
                return True
        await send_file(bot, job, name, result.workbook or result.raw or b"", card)
        return True


def _only(packed: PackedList, codes: str, verdict: Verdict) -> bytes:
    return only(submission(packed).decode().split(), Verdicts(codes, 0), verdict)


def _rejected(packed: PackedList, texts: Texts) -> tuple[tuple[Rejected, ...], bytes]:
    rejected = unpack(packed).rejected
    regions = sorted({one.region for one in rejected if one.region})
    return rejected, rejected_file(rejected, sheet_words(texts, regions))


def _file_name(job: Job, part: str) -> str:
    day = datetime.fromtimestamp(job.finished_at or time.time(), UTC).date()
    return result_name(job.name, day).replace("_checked_", f"_{part}_").removesuffix(".xlsx") + ".txt"
