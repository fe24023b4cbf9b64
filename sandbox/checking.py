"""What the checking API knows: its tasks, the money, the links it gave out, and everything that was asked of it."""

import asyncio
import hashlib
import hmac
import logging
import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Self, TypeVar

from sandbox.check_options import CheckOptions
from sandbox.check_tasks import Task, TaskIds
from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.ledger import Charge, Download, Leak, Poll, Refusal, Submit, write_charge
from sandbox.result_files import Finding, Spoiling, find, rows_of, verdict_of, write_result

TASK_TYPE = "tg"
USER = "sandbox"
NEVER_RUNS_OUT = Decimal(1_000_000)

T = TypeVar("T")
logger = logging.getLogger("sandbox.check_api")


@dataclass(frozen=True, slots=True)
class Link:
    """A signed address of a result; it works until ``expires`` (Unix seconds)."""

    task_id: str
    expires: float


@dataclass(frozen=True, slots=True)
class No:
    """An answer that says why a list is not taken; nothing was charged."""

    status: int
    error: str
    message: str


class Checking:
    """The state behind the checking API, without HTTP.

    ``ledger`` is the oracle: what it holds was charged, once for each entry, and nothing else was. It only grows.
    """

    def __init__(
        self,
        api_key: str,
        faults: Faults | None = None,
        *,
        clock: Clock | None = None,
        ledger_file: Path | None = None,
        **options: Any,
    ) -> None:
        self.faults = faults if faults is not None else Faults()
        self.clock = clock or Clock()
        self.options = CheckOptions(**options)
        self.ledger: list[Charge] = []
        self.polls: Counter[str] = Counter()
        self.poll_log: list[Poll] = []
        self.submits: list[Submit] = []
        self.downloads: list[Download] = []
        self.refused: list[Refusal] = []
        self.leaks: list[Leak] = []
        self.tasks: dict[str, Task] = {}
        self.links: dict[str, Link] = {}
        self._api_key = api_key
        self._ledger_file = ledger_file
        self._ids = TaskIds()
        self._secret = secrets.token_bytes(16)
        self._changed = asyncio.Event()
        self._writing = asyncio.Lock()
        self._files: dict[str, bytes] = {}

    # what happened

    def note(self, record: Submit | Poll | Download | Refusal | Leak) -> None:
        """Write down a request, and wake those who wait for one."""
        match record:
            case Submit():
                self.submits.append(record)
            case Poll():
                self.poll_log.append(record)
            case Download():
                self.downloads.append(record)
            case Refusal():
                logger.warning("refused %s %s: %s %s", record.method, record.path, record.status, record.why)
                self.refused.append(record)
            case Leak():
                logger.error("the API key was sent to %s, in %s", record.path, record.where)
                self.leaks.append(record)
        self.changed()

    def hide(self, text: str) -> str:
        """Take the API key out of a text that will be logged."""
        return text.replace(self._api_key, "...")

    def changed(self) -> None:
        """Wake those who wait in wait_for."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def wait_for(self, predicate: Callable[[Self], T], timeout: float = 60.0) -> T:  # noqa: ASYNC109 - tests say it in one line
        """Wait until the predicate gives something true about this server, and give that.

        Raises:
            TimeoutError: after so many real seconds.
        """
        async with asyncio.timeout(timeout):
            while not (found := predicate(self)):
                await self._changed.wait()
        return found

    # money

    def change(self, **options: Any) -> None:
        """Behave differently from now on; tasks that exist keep their pace and their findings."""
        self.options = replace(self.options, **options)

    def price(self, count: int) -> Decimal:
        """Give what a task of so many numbers costs."""
        return self.options.price_per_number * count

    @property
    def spent(self) -> Decimal:
        """Everything that was ever charged."""
        return sum((charge.amount for charge in self.ledger), Decimal(0))

    def why_not(self, count: int) -> No | None:
        """Say why a list of so many numbers is not taken; None: it is."""
        if count < self.options.minimum:
            message = (
                f"only {count} compliant numbers remain for {TASK_TYPE}, "
                f"which is less than the minimum {self.options.minimum}"
            )
            return No(400, "invalid_batch_size", message)
        if self.options.balance is not None and self.options.balance < self.price(count):
            return No(402, "insufficient_balance", "not enough balance for this task")
        return None

    def charge(self, numbers: tuple[str, ...], form: str = "answered") -> Task:
        """Create a task and take the money for it; ``form`` is how the client hears of it (see Charge)."""
        now = self.clock.now()
        task = Task(self._ids.next(now), numbers, now, self.price(len(numbers)), self.options)
        charge = Charge(task.task_id, numbers, now, task.amount, form)
        if self._ledger_file is not None:
            write_charge(self._ledger_file, charge)
        self.ledger.append(charge)
        self.tasks[task.task_id] = task
        if self.options.balance is not None:
            self.change(balance=self.options.balance - task.amount)
        return task

    def show_balance(self) -> Any:
        """Give the balance in the shape the options ask for."""
        left = float(NEVER_RUNS_OUT - self.spent if self.options.balance is None else self.options.balance)
        match self.options.balance_shape:
            case "number":
                return left
            case "credit":
                return {
                    "credit": left,
                    "used_today": float(self.spent),
                    "daily_limit": float(NEVER_RUNS_OUT),
                    "reset_time": self.timestamp(self.clock.now() // 86400 * 86400 + 86400),
                }
            case _:
                return {"balance": left}

    # tasks

    def timestamp(self, at: float) -> str:
        """Write a time as the API does: RFC 3339 in UTC with 3 to 9 fraction digits."""
        seconds, fraction = divmod(round(at * 10**6), 10**6)
        digits = f"{fraction:06d}423"[: self.options.fraction_digits]
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{digits}Z"

    def show_created(self, task: Task) -> dict[str, Any]:
        """Give the answer to a submit, in the shape the options ask for."""
        shown: dict[str, Any] = {"created_at": self.timestamp(task.created), "task_id": task.task_id}
        if self.options.submit_shape == "short":
            shown |= {"status": "pending", "message": "Task created", "total": len(task.numbers)}
        else:
            shown |= {"updated_at": self.timestamp(task.created), "user_id": USER, "status": "pending"}
            shown |= {"total": 0, "success": 0, "failure": 0}
        return shown | self._amounts(task, exported=False)

    def show(self, task: Task, base: str) -> dict[str, Any]:
        """Give the answer to a status question; ``base`` is the address that results are fetched from."""
        now = self.clock.now()
        self._strike(task, now)
        progress = task.progress(now)
        exported = progress.status == "exported"
        task.ended = exported or progress.status == "failed"
        shown: dict[str, Any] = {
            "created_at": self.timestamp(task.created),
            "updated_at": self.timestamp(progress.changed),
            "task_id": task.task_id,
            "user_id": USER,
            "status": progress.status,
            "total": progress.total,
            "success": progress.success,
            "failure": progress.failure,
        }
        if exported:
            shown["result_url"] = f"{base}/results/{self._sign(task, now)}.xlsx"
        if progress.status == "failed":
            shown["message"] = task.failure_message
        return shown | self._amounts(task, exported=exported)

    def _strike(self, task: Task, now: float) -> None:
        """Let the faults strike that change how a task goes on; a task that was told to have ended has ended."""
        if task.ended:
            return
        if task.fails_at is None and (fault := self.faults.take("task_fails", task_id=task.task_id)) is not None:
            task.fail(fault.get("message", "internal processing error"), fault.get("at", 1.0))
        if task.stands_at is None and (fault := self.faults.take("task_stalls", task_id=task.task_id)) is not None:
            task.stall(now, fault.get("at"))

    def _amounts(self, task: Task, *, exported: bool) -> dict[str, Any]:
        if not self.options.amounts:
            return {}
        amount = {"amount": f"{task.amount.normalize():f}", "currency": self.options.currency}
        return {"estimated_amount": amount} | ({"actual_amount": amount} if exported else {})

    def seconds_left(self, task_id: str) -> float:
        """Say how far a test has to advance the clock until the task is ready; infinity while it stands still."""
        return self.tasks[task_id].seconds_left(self.clock.now())

    def release(self, task_id: str) -> bool:
        """Let a stalled task go on from where it stood; False where it did not stand."""
        return self.tasks[task_id].release(self.clock.now())

    # results

    def _sign(self, task: Task, now: float) -> str:
        expires = now + self.options.link_seconds
        text = f"{task.task_id} {expires} {len(self.links)}"
        signature = hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()
        self.links[signature] = Link(task.task_id, expires)
        return signature

    def verdict_of(self, number: str) -> str:
        """Say yes, no or undetermined of an E.164 number, as every task does while these options hold."""
        return verdict_of(number, self.options.share_yes, self.options.share_undetermined)

    def findings(self, task_id: str) -> list[Finding]:
        """Give what comes back for each number of a task, in the order sent, and keep to it from then on.

        The faults that spoil a result strike when it is first asked for, here or by a download.
        """
        task = self.tasks[task_id]
        if task.spoiling is None:
            task.spoiling = self._spoiling(task_id)
        if task.findings is None:
            task.findings = find(task.numbers, task.options, task.spoiling)
        return task.findings

    def _spoiling(self, task_id: str) -> Spoiling:
        missing = self.faults.take("result_missing", task_id=task_id)
        unclear = self.faults.take("result_unclear", task_id=task_id)
        repeated = self.faults.take("result_repeated", task_id=task_id)
        foreign = self.faults.take("result_foreign", task_id=task_id)
        return Spoiling(
            missing=0.0 if missing is None else missing.get("share", 0.1),
            unclear=0.0 if unclear is None else unclear.get("share", 0.1),
            unclear_word="unknown" if unclear is None else unclear.get("word", "unknown"),
            repeated=0.0 if repeated is None else repeated.get("share", 0.1),
            contradicting=bool(repeated and repeated.get("contradicting")),
            foreign=0 if foreign is None else foreign.get("rows", 1),
        )

    async def result(self, task_id: str) -> bytes:
        """Give the result file of a task; it is written once, by the options that hold then."""
        task, options = self.tasks[task_id], self.options
        if task.spoiling is None:
            task.spoiling = self._spoiling(task_id)
        async with self._writing:
            if task_id not in self._files:
                self._files[task_id] = await asyncio.to_thread(self._write, task_id, options)
        return self._files[task_id]

    def _write(self, task_id: str, options: CheckOptions) -> bytes:
        return write_result(rows_of(self.findings(task_id), options, self.tasks[task_id].spoiling), options)
