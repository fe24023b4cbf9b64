"""The last resort: log it, tell the person one calm sentence."""

import logging

from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramForbiddenError
from aiogram.types import CallbackQuery, ErrorEvent, Message

from bot.cards import Card
from bot.limits import PASSING
from bot.texts import Texts
from handlers.answers import answer, answer_press
from storage.database import DatabaseUnavailableError
from storage.updates import UpdateState

logger = logging.getLogger(__name__)


async def last_resort(event: ErrorEvent, texts: Texts | None = None) -> UpdateState | None:
    """Let pass what may go better next time; note all else, and tell the person."""
    error = event.exception
    if isinstance(error, (*PASSING, DatabaseUnavailableError)):
        raise error
    if isinstance(error, TelegramForbiddenError):
        logger.info("We may not write where we were asked: %s", error.message)
        return UpdateState.ACTED
    logger.error("A handler failed: update_id=%s", event.update.update_id, exc_info=error)
    if texts is not None:
        await _tell(event.update.event, texts)
    return UpdateState.QUARANTINED


async def _tell(asked: object, texts: Texts) -> None:
    try:
        if isinstance(asked, Message):
            await answer(asked, Card(texts.say("error")))
        elif isinstance(asked, CallbackQuery):
            await answer_press(asked, texts.plain("error"), alert=True)
    except (TelegramAPIError, ClientDecodeError):
        logger.warning("The person cannot be told either")
