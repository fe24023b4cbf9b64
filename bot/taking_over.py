"""The first thing a run does, under the lock: take over from one that may have died in the middle of anything."""

import asyncio
import logging
import time

from bot.pausing import Pausing
from bot.receipts import Receipts
from bot.spreading import QUESTIONS_A_SECOND
from storage.jobs import Jobs
from storage.receipts import PaidTasks
from storage.submits import Submits

logger = logging.getLogger(__name__)


async def take_over(jobs: Jobs, submits: Submits, pausing: Pausing, receipts: Receipts, paid: PaidTasks) -> None:
    """Compare the journal with the database, and let people decide about submits that nobody saw the end of.

    The journal comes first: a list whose task it knows was accepted, whatever the database says.
    """
    now = time.time()
    try:
        await asyncio.to_thread(receipts.keep_reserve)
    except OSError as error:
        logger.error("The disk has no room for the reserve: %s", error)
    await jobs.release_leases(now)
    await jobs.spread_tasks(now, a_second=QUESTIONS_A_SECOND)
    for receipt in await paid.worth_a_look(await asyncio.to_thread(receipts.read)):
        job = await paid.take_over(receipt, now)
        if job is not None:
            logger.warning("The journal knows a paid task that the database did not: job=%s", job.id)
    for job in await submits.unsure_after_stop(now):
        logger.warning("The last run ended in the middle of a submit; a person decides: job=%s", job.id)
    await pausing.forget_at_start()
