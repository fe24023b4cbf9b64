"""What happened at the checking API: every charge, and every request that led to one or did not."""

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any


def digest_of(numbers: Iterable[str]) -> str:
    """SHA-256 of the numbers, one a line, each line ended: the same list in the same order has the same digest."""
    return hashlib.sha256("".join(f"{number}\n" for number in numbers).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Charge:
    """Money taken for one task.

    ``at`` is in Unix seconds, ``form`` is how the charge was told: ``answered``, or the name of the fault that struck.
    """

    task_id: str
    numbers: tuple[str, ...] = field(repr=False)
    at: float
    amount: Decimal
    form: str

    @property
    def count(self) -> int:
        """How many numbers were charged."""
        return len(self.numbers)

    @property
    def digest(self) -> str:
        """Tells equal lists from different ones without showing a number."""
        return digest_of(self.numbers)

    def as_json(self, *, with_numbers: bool = False) -> dict[str, Any]:
        """Give the charge as the ledger file and the control route show it."""
        shown: dict[str, Any] = {
            "task_id": self.task_id,
            "at": self.at,
            "amount": str(self.amount),
            "form": self.form,
            "count": self.count,
            "digest": self.digest,
        }
        if with_numbers:
            shown["numbers"] = list(self.numbers)
        return shown


@dataclass(frozen=True, slots=True)
class Submit:
    """One POST /v1/tasks. ``status`` is None where the connection ended, or was held, without an answer."""

    at: float
    status: int | None
    answer: str = field(repr=False)
    task_id: str | None
    numbers: tuple[str, ...] = field(repr=False)
    fresh_connection: bool

    @property
    def count(self) -> int:
        """How many numbers were sent; 0 where the file could not be read."""
        return len(self.numbers)

    @property
    def charged(self) -> bool:
        """Whether this request cost money."""
        return self.task_id is not None

    def as_json(self) -> dict[str, Any]:
        """Give the submit as the control route shows it: without the numbers."""
        shown = {"at": self.at, "status": self.status, "answer": self.answer, "task_id": self.task_id}
        return shown | {"count": self.count, "fresh_connection": self.fresh_connection}


@dataclass(frozen=True, slots=True)
class Poll:
    """One POST /v1/gettasks. ``status`` as in Submit, ``told`` is the task's status in the answer."""

    at: float
    task_id: str
    status: int | None
    told: str | None = None


@dataclass(frozen=True, slots=True)
class Download:
    """One request for a result. ``status`` is None where a fault ended or held the answer."""

    at: float
    task_id: str | None
    status: int | None
    sent: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """A request the server cannot have wanted: the client has misunderstood the document."""

    at: float
    method: str
    path: str
    status: int
    why: str


@dataclass(frozen=True, slots=True)
class Leak:
    """The API key came where it must never be seen."""

    at: float
    path: str
    where: str


def write_charge(path: Path, charge: Charge) -> None:
    """Append the charge to a file and see it on the disk: it has to outlive a kill of this process."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(charge.as_json()) + "\n")
        file.flush()
        os.fsync(file.fileno())


def read_charges(path: Path) -> list[dict[str, Any]]:
    """Read the charges of a ledger file; a file that is not there holds none."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
