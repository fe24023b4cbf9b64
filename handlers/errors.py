"""The last resort: log it, tell the person one calm sentence."""

import logging

from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
)
from aiogram.types import CallbackQuery, ErrorEvent, Message

from bot.cards import Card
from bot.limits import PASSING
from bot.texts import Texts
from handlers.answers import answer, answer_press
from storage.database import DatabaseBrokenError, DatabaseUnavailableError
from storage.updates import UpdateState

logger = logging.getLogger(__name__)


async def last_resort(event: ErrorEvent, texts: Texts | None = None) -> UpdateState | None:
    """Let pass what may go better next time; note all else, and tell the person."""
    error = event.exception
    passing = (*PASSING, DatabaseUnavailableError, DatabaseBrokenError)  # or the end of everything
    if isinstance(error, passing) and not isinstance(error, TelegramEntityTooLarge):
        raise error
    if _may_not_write(error):
        logger.info("We may not write where we were asked: %s", error)
        return UpdateState.ACTED
    logger.error("A handler failed: update_id=%s", event.update.update_id, exc_info=error)
    if texts is not None:
        await _tell(event.update.event, texts)
    return UpdateState.QUARANTINED


def _may_not_write(error: Exception) -> bool:
    if not isinstance(error, TelegramBadRequest):
        return isinstance(error, TelegramForbiddenError)
    words = error.message.lower()
    return any(sign in words for sign in ("chat not found", "not enough rights", "have no rights", "write_forbidden"))


async def _tell(asked: object, texts: Texts) -> None:
    try:
        if isinstance(asked, Message):
            await answer(asked, Card(texts.say("error")))
        elif isinstance(asked, CallbackQuery):
            heard = await answer_press(asked, texts.plain("error"), alert=True)
            # A press is answered once: where that is done or it is too late, a message has to say it.
            if not heard and isinstance(asked.message, Message):
                await answer(asked.message, Card(texts.say("error")))
    except (TelegramAPIError, ClientDecodeError):
        logger.warning("The person cannot be told either")
