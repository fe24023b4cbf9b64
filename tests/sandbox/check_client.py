"""A client of the checking API, as simple as a client can be."""

from io import BytesIO
from typing import Any

import httpx
from openpyxl import load_workbook

from sandbox.check_api import CheckServer

KEY = "key-of-the-rehearsal"


def some_numbers(count: int, start: int = 0) -> tuple[str, ...]:
    return tuple(f"+7916{place:07d}" for place in range(start, start + count))


def as_file(numbers: tuple[str, ...]) -> bytes:
    return "".join(f"{number}\n" for number in numbers).encode()


class Client:
    """What a client of the checking API does, with the key and without."""

    def __init__(self, checker: CheckServer, http: httpx.AsyncClient) -> None:
        self.checker = checker
        self.http = http
        self.key = {"X-API-Key": KEY}

    async def submit(self, numbers: tuple[str, ...] | bytes, **changes: Any) -> httpx.Response:
        data = numbers if isinstance(numbers, bytes) else as_file(numbers)
        request: dict[str, Any] = {
            "files": {"file": ("numbers.txt", data, "text/plain")},
            "data": {"task_type": "tg"},
            "headers": self.key,
        }
        return await self.http.post(f"{self.checker.url}/tasks", **{**request, **changes})

    async def created(self, numbers: tuple[str, ...]) -> str:
        answer = await self.submit(numbers)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["task_id"])

    async def status(self, task_id: str) -> httpx.Response:
        return await self.http.post(f"{self.checker.url}/gettasks", data={"task_id": task_id}, headers=self.key)

    async def exported(self, numbers: tuple[str, ...]) -> str:
        """Submit, let the time pass, and give the link to the result."""
        task_id = await self.created(numbers)
        return await self.link(task_id)

    async def link(self, task_id: str) -> str:
        self.checker.clock.advance(self.checker.seconds_left(task_id))
        return str((await self.status(task_id)).json()["result_url"])

    async def balance(self) -> httpx.Response:
        return await self.http.get(f"{self.checker.url}/balance", headers=self.key)


def rows_of(data: bytes) -> list[tuple[Any, ...]]:
    """Give the cells of a workbook's first sheet, the header first."""
    book = load_workbook(BytesIO(data))
    try:
        return list(book.worksheets[0].values)
    finally:
        book.close()
