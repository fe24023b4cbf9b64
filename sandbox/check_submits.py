"""POST /v1/tasks: the one request that costs money, and everything that can go wrong around it."""

from dataclasses import dataclass, field
from typing import Any
from weakref import WeakSet

from aiohttp import web

from sandbox.check_answers import answer, refuse
from sandbox.check_upload import TooManyRowsError, UploadRefusedError, read_upload
from sandbox.checking import TASK_TYPE, Checking
from sandbox.ledger import Submit
from sandbox.wire_faults import Held, any_answer, cut, half, pour_json


@dataclass
class Attempt:
    """One submit on its way through the server."""

    request: web.Request
    fresh: bool
    numbers: tuple[str, ...] = field(default=(), repr=False)
    task_id: str | None = None


class Submits:
    """Takes lists, charges them, and writes down each attempt with what was answered."""

    def __init__(self, checking: Checking, held: Held) -> None:
        self._checking = checking
        self._faults = checking.faults
        self._held = held
        self._connections: WeakSet[Any] = WeakSet()

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Read a list and charge it, or say why not."""
        attempt = Attempt(request, request.transport not in self._connections)
        if request.transport is not None:  # else the client has gone already; what it has sent counts all the same
            self._connections.add(request.transport)
        if (struck := await self._strike_early(attempt)) is not None:
            return struck
        try:
            upload = await read_upload(request, TASK_TYPE, self._checking.options.max_rows)
        except TooManyRowsError as error:
            return self._note(attempt, answer(413, {"error": "file_too_large", "message": str(error)}))
        except ConnectionError:  # the client is gone before its request was complete
            return self._cut(attempt, {})
        except UploadRefusedError as error:
            return self._note(attempt, refuse(self._checking, request, 400, "invalid_request", str(error)))
        attempt.numbers = upload.numbers
        if (fault := self._faults.take("submit_cut_before")) is not None:
            return self._cut(attempt, fault)
        return await self._decide(attempt)

    async def _strike_early(self, attempt: Attempt) -> web.Response | None:
        """Let the faults strike that do not wait for the whole request."""
        if (fault := self._faults.take("submit_answer_early")) is not None:
            given = any_answer(fault)
            given.force_close()
            return self._note(attempt, given)
        if (fault := self._faults.take("submit_cut_during")) is not None:
            await attempt.request.content.read(fault.get("after", 1))
            return self._cut(attempt, fault)
        return None

    async def _decide(self, attempt: Attempt) -> web.StreamResponse:
        """Charge the list or not, and let the faults strike around that."""
        if (fault := self._faults.take("submit_answer")) is not None:
            if fault.get("charged"):
                self._charge(attempt, "submit_answer")
            return self._note(attempt, any_answer(fault, task_id=attempt.task_id or ""))
        if (no := self._checking.why_not(len(attempt.numbers))) is not None:
            return self._note(attempt, answer(no.status, {"error": no.error, "message": no.message}))
        if (fault := self._faults.take("submit_cut_after")) is not None:
            self._charge(attempt, "submit_cut_after")
            return self._cut(attempt, fault)
        if (fault := self._faults.take("submit_half_answer")) is not None:
            given = self._charge(attempt, "submit_half_answer")
            self._note(attempt, None)
            return await half(attempt.request, given)
        if (fault := self._faults.take("submit_large")) is not None:
            given = self._note(attempt, self._charge(attempt, "submit_large"))
            return await pour_json(attempt.request, given, self._held, fault)
        if (fault := self._faults.take("submit_hang")) is not None:
            return await self._hang(attempt, fault)
        return self._note(attempt, self._charge(attempt, "answered"))

    async def _hang(self, attempt: Attempt, fault: dict[str, Any]) -> web.StreamResponse:
        if fault.get("charged", True):
            given = self._charge(attempt, "submit_hang")
        else:
            given = answer(503, {"error": "unavailable", "message": "try again later"})
        self._note(attempt, None)
        return given if await self._held.back(fault.get("seconds")) else cut(attempt.request)

    def _charge(self, attempt: Attempt, form: str) -> web.Response:
        """Take the money, and make the answer that says so."""
        options = self._checking.options
        task = self._checking.charge(attempt.numbers, form)
        attempt.task_id = task.task_id
        status = options.submit_status or (202 if options.submit_shape == "short" else 200)
        return answer(status, self._checking.show_created(task))

    def _cut(self, attempt: Attempt, fault: dict[str, Any]) -> web.Response:
        self._note(attempt, None)
        return cut(attempt.request, reset=fault.get("reset", False))

    def _note(self, attempt: Attempt, given: web.Response | None) -> web.Response:
        """Write the attempt down; without an answer the connection ends, or is held."""
        text = given.body.decode(errors="replace") if given is not None and isinstance(given.body, bytes) else ""
        status = None if given is None else given.status
        now = self._checking.clock.now()
        self._checking.note(Submit(now, status, text, attempt.task_id, attempt.numbers, attempt.fresh))
        return given if given is not None else web.Response()
