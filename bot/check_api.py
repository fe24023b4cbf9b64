"""The checking API over HTTP: submit a list, ask for a task, ask for the balance, fetch a result.

A submit costs money and the API has neither an idempotency key nor a list of tasks. So it is one request on a fresh
connection, never repeated here, and its outcome (`bot.outcomes`) says what is known about the money. What the answers
mean stands in `bot.answers`; results are fetched by `bot.downloading`, whose client does not know the key.
"""

import asyncio
import contextlib
import io
import logging
import ssl
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, Final, cast

import httpx

from bot.account import Account, Bounds, check_key, checked_base
from bot.answers import Answer, read_balance, read_task, submit_outcome
from bot.downloading import Downloader, Resolve, ResultUnavailable, keyless_client, resolve
from bot.http_client import silence_http_logs
from bot.outcomes import (
    Accepted,
    ApiUnavailable,
    BadKey,
    Cause,
    Money,
    NotCharged,
    Refused,
    SubmitOutcome,
    Task,
    TaskStatus,
    TaskUnknown,
    Unknown,
)
from bot.questions import NoAnswer, Questions, open_questions
from bot.uploads import Upload

__all__ = [
    "Accepted",
    "ApiUnavailable",
    "BadKey",
    "Bounds",
    "Cause",
    "CheckApi",
    "Money",
    "NotCharged",
    "Refused",
    "ResultUnavailable",
    "SubmitOutcome",
    "Task",
    "TaskStatus",
    "TaskUnknown",
    "Unknown",
    "open_check_api",
]

logger = logging.getLogger(__name__)

# What httpx raises before the first byte of a request is written. Anything else may have reached the API.
NOT_BEGUN: Final = (
    httpx.ConnectError,  # refused, name unknown, TLS handshake failed
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)


class CheckApi:
    """The checking API, as `open_check_api` opens it.

    Args:
        account: where the API is and with whose key.
        questions: asks, with the key, for all that costs nothing.
        downloader: fetches results, without the key.
    """

    def __init__(self, account: Account, questions: Questions, downloader: Downloader) -> None:
        self._account = account
        self._questions = questions
        self._downloader = downloader

    async def submit(self, numbers: bytes | Upload, *, name: str = "numbers.txt") -> SubmitOutcome:
        """Send a list to be checked, exactly once, and say what is known about the money.

        Never raises but `CancelledError`: then nobody knows whether the list went out.

        Args:
            numbers: E.164, one a line; what unpacks itself is read while it goes out.
            name: the file name that the API sees.
        """
        account = self._account
        deadline = account.submit_deadline(len(numbers))
        stream = io.BytesIO(numbers) if isinstance(numbers, bytes) else numbers
        answer: Answer | None = None
        try:
            # A client for this one request: a kept connection that the API has closed meanwhile breaks only after the
            # request was sent, and a list that surely was not charged would look as if it may have been.
            async with account.client(silence=deadline) as client:
                request = client.build_request(
                    "POST",
                    f"{account.base_url}/tasks",
                    data={"task_type": account.task_type},
                    # A stream is sent in pieces of 64 KiB; bytes would be copied and encrypted at one go.
                    files={"file": (name, cast("BinaryIO", stream), "text/plain")},
                )
                answer = await account.exchange(client, request, deadline)
        except NOT_BEGUN as error:
            outcome: SubmitOutcome = NotCharged(Cause.UNREACHABLE, f"no connection ({type(error).__name__})")
        except TimeoutError:
            outcome = Unknown(f"no answer within {deadline:.0f} s")
        except Exception as error:  # noqa: BLE001 - whatever it was, the request may be out, and that must be said
            outcome = Unknown(f"the connection broke after the request had begun ({type(error).__name__})")
        if answer is not None:
            outcome = submit_outcome(answer)
        _log_outcome(outcome)
        return outcome

    async def status(self, task_id: str) -> Task:
        """Ask how far a task is.

        Raises:
            TaskUnknown: the API says that there is no such task.
            BadKey: the key is not accepted.
            ApiUnavailable: no usable answer now.
        """
        return read_task(await self._ask("POST", "gettasks", data={"task_id": task_id}), task_id)

    async def balance(self) -> Decimal | None:
        """Ask how much money is left; None where the API has no such endpoint or its answer is not understood.

        Raises:
            BadKey: the key is not accepted.
            ApiUnavailable: no usable answer now.
        """
        return read_balance(await self._ask("GET", "balance"))

    async def download(self, url: str, path: Path, count: int | None = None) -> int:
        """Fetch a result to disk, without the key; gives its size in bytes.

        Args:
            url: where the API says it is.
            path: where to.
            count: how many numbers its list has, as far as that is known: a small list has no large result.

        Raises:
            ResultUnavailable: the address is stale, forbidden, slow, too large, or gives something that is no result.
            OSError: the file cannot be written.
        """
        bounds = self._account.bounds
        return await self._downloader.download(
            url, path, bounds.largest_result if count is None else bounds.result_of(count)
        )

    async def _ask(self, method: str, endpoint: str, data: dict[str, str] | None = None) -> Answer:
        try:
            return await self._questions.ask(method, endpoint, data)
        except NoAnswer as error:
            logger.debug("No answer from /%s: %s", endpoint, error)
            raise ApiUnavailable(f"no answer ({error})") from error


@contextlib.asynccontextmanager
async def open_check_api(
    *,
    base_url: str,
    api_key: str,
    task_type: str,
    bounds: Bounds | None = None,
    resolve: Resolve = resolve,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[CheckApi]:
    """Open the checking API; nothing is sent until it is asked.

    Args:
        base_url: for example `https://api.ekycpro.com/v1`.
        api_key: goes to this address only.
        task_type: what is checked.
        bounds: how long things may take and how large they may be.
        resolve: how the addresses of a result's host are found.
        tls: which certificates are believed; those of the `certifi` package, unless others are given.

    Raises:
        ValueError: the address or the key cannot be one.
    """
    bounds = bounds or Bounds()
    base = checked_base(base_url)
    check_key(api_key)
    silence_http_logs()
    # Reading the certificates takes tens of milliseconds, so it is done once, and not on the loop.
    if tls is None:
        tls = await asyncio.to_thread(httpx.create_ssl_context, trust_env=False)
    account = Account(str(base).rstrip("/"), api_key, task_type, bounds, tls)
    fetching = keyless_client(tls, connect=bounds.connect, silence=bounds.silence)
    async with open_questions(account) as questions, fetching:
        downloader = Downloader(
            fetching,
            own_host=base.raw_host.decode("ascii"),
            deadline=bounds.download,
            resolve=resolve,
        )
        yield CheckApi(account, questions, downloader)


def _log_outcome(outcome: SubmitOutcome) -> None:
    match outcome:
        case Accepted(task_id=task_id):
            logger.info("A list was submitted: task=%s", task_id)
        case NotCharged(cause=Cause.BAD_KEY | Cause.NO_MONEY | Cause.REDIRECTED as cause, detail=detail):
            logger.warning("Nothing was charged, and nothing can be submitted: %s (%s)", cause, detail)
        case NotCharged(cause=cause, detail=detail):
            logger.info("Nothing was charged: %s (%s)", cause, detail)
        case Refused(status=status, detail=detail):
            logger.info("A list was refused with HTTP %d (%s)", status, detail)
        case Unknown(what=what):
            logger.info("A submit has no known outcome: %s", what)
