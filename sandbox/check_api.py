"""A local checking API: stateful, strict, and it counts every charge.

It answers as the document of the real one says: POST /v1/tasks, POST /v1/gettasks, GET /v1/balance, and signed links
under /results/. What the real one would not want it refuses, loudly, and keeps in ``refused``. Nothing else goes wrong
unless a fault is armed. Another process steers it under /sandbox/ (see check_control.py).

Limitations:

- Tasks and links live in memory. After a kill only the ledger file is left; after ``stop`` and ``start`` all is there.
- A verdict is drawn from the number by a hash. Nobody is asked, and no number is known to be real.
- Progress is even: so many numbers a second, each task for itself, however many there are.
- The API never limits how often it is asked; arm a ``status_answer`` of 429 for that.
- It speaks HTTP without TLS, and only on a loopback address; redirects and proxies are faults, not features.
- Its strictness is a guess where the document is silent: the real API may take blank lines, repeated numbers, other
  media types and more fields, and may word its errors differently.
- A second port or the name localhost stands for the other host of results; there is no real second host.
- Money is exact to the option ``price_per_number``; taxes, tiers and refunds of failed tasks do not exist.
"""

import contextlib
import hmac
import ipaddress
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Self

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.check_answers import answer, page, refuse
from sandbox.check_control import CheckControl
from sandbox.check_submits import Submits
from sandbox.check_upload import UploadRefusedError, read_question
from sandbox.checking import Checking
from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.ledger import Leak, Poll
from sandbox.result_links import ResultLinks
from sandbox.visitors import is_foreign
from sandbox.wire_faults import Held, any_answer, cut, drip, half, pour_json

LARGEST_BODY = 2**30
UNKNOWN_TASK = "task_not_found", "task not found"


class NotLoopbackError(ValueError):
    """The sandbox answers on a loopback address only: it knows no real key, and nobody else shall find it."""


def loopback(host: str) -> str:
    """Give the loopback address that is meant.

    Raises:
        NotLoopbackError: it is none.
    """
    try:
        address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError as error:
        raise NotLoopbackError(host) from error
    if not address.is_loopback:
        raise NotLoopbackError(host)
    return str(address)


class CheckServer(Checking):
    """The checking API behind ``url`` while ``async with`` lasts; port 0 takes a free one and keeps it.

    Options are those of CheckOptions, by name; ``change`` sets them later.
    """

    def __init__(
        self,
        api_key: str,
        faults: Faults | None = None,
        *,
        clock: Clock | None = None,
        ledger_file: Path | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        **options: Any,
    ) -> None:
        super().__init__(api_key, faults, clock=clock, ledger_file=ledger_file, **options)
        self.host = loopback(host)
        self.port = port
        self.results_port = 0
        self.held = Held()
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """The base address a client is given, ending in /v1."""
        return f"{self._origin}/v1"

    @property
    def control_url(self) -> str:
        """The address of the control routes."""
        return f"{self._origin}/sandbox"

    @property
    def results_url(self) -> str:
        """The address that result links begin with."""
        match self.options.results_at:
            case "same":
                return self._origin
            case "port":
                return f"http://{self._host_in_url}:{self.results_port}"
            case "localhost":
                return f"http://localhost:{self.port}"

    @property
    def _host_in_url(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host

    @property
    def _origin(self) -> str:
        return f"http://{self._host_in_url}:{self.port}"

    def control_routes(self) -> list[web.RouteDef]:
        """Give the control routes, for this server or to be served by another one too."""
        return CheckControl(self, self.held).routes()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen; after a ``stop`` on the same ports and with everything that was known before."""
        self.held.open()
        app = web.Application(middlewares=[self._guard], client_max_size=LARGEST_BODY)
        app.router.add_post("/v1/tasks", Submits(self, self.held).take)
        app.router.add_post("/v1/gettasks", self._status)
        app.router.add_get("/v1/balance", self._balance, allow_head=False)
        links = ResultLinks(self, self.held)
        app.router.add_get("/results/{signature:[0-9a-f]+}.xlsx", links.serve, allow_head=False)
        app.add_routes(self.control_routes())
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        self.port = await self._listen(self.port)
        self.results_port = await self._listen(self.results_port)

    async def _listen(self, port: int) -> int:
        if self._runner is None:
            raise RuntimeError("the server is not started")
        site = web.TCPSite(self._runner, self.host, port, reuse_address=True)
        await site.start()
        address: tuple[str, int] = self._runner.addresses[-1]
        return int(address[1])

    async def stop(self) -> None:
        """Stop listening and break what is held; nothing is forgotten."""
        self.held.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @contextlib.asynccontextmanager
    async def away(self) -> AsyncIterator[None]:
        """Be unreachable for as long as the block lasts."""
        await self.stop()
        try:
            yield
        finally:
            await self.start()

    # before any route

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Ask for the key where it belongs and nowhere else, keep the two ports apart, say no to what has no route."""
        if request.path.startswith("/sandbox/") and is_foreign(request):
            return answer(403, {"error": "the control routes answer this machine only"})
        if (refusal := self._turn_away(request)) is not None:
            return refusal
        try:
            return await handler(request)
        except ConnectionError:  # the client is gone, there is nobody to answer
            return cut(request)
        except web.HTTPNotFound:
            return refuse(self, request, 404, "not_found", "no such route")
        except web.HTTPMethodNotAllowed as error:
            allowed = ", ".join(sorted(error.allowed_methods))
            return refuse(self, request, 405, "method_not_allowed", f"this route takes {allowed}")

    def _turn_away(self, request: web.Request) -> web.Response | None:
        is_api = request.path.startswith("/v1/")
        if not is_api and self._leaks(request):
            return page(400, "Bad Request", "An API key has no business here.")
        on_second_port = request.path.startswith("/results/") and self.options.results_at == "port"
        if self._asked_port(request) != (self.results_port if on_second_port else self.port):
            return refuse(self, request, 404, "not_found", "this is another host")
        if is_api and not self._key_fits(request):
            return refuse(self, request, 401, "unauthorized", "the X-API-Key is missing or wrong")
        if is_api and request.query_string:
            return refuse(self, request, 400, "invalid_request", "this route takes no query")
        return None

    def _asked_port(self, request: web.Request) -> int:
        return self.port if request.transport is None else int(request.transport.get_extra_info("sockname")[1])

    def _key_fits(self, request: web.Request) -> bool:
        keys = request.headers.getall("X-API-Key", [])
        return len(keys) == 1 and hmac.compare_digest(keys[0].encode(), self._api_key.encode())

    def _leaks(self, request: web.Request) -> bool:
        """Look for the key where only strangers live, and write down the places."""
        places = [
            name for name, value in request.headers.items() if name.lower() == "x-api-key" or self._api_key in value
        ]
        if self._api_key in request.path_qs:
            places.append("the address")
        for place in places:
            self.note(Leak(self.clock.now(), self.hide(request.path), place))
        return bool(places)

    # POST /v1/gettasks, GET /v1/balance

    async def _status(self, request: web.Request) -> web.StreamResponse:
        try:
            task_id = await read_question(request)
        except UploadRefusedError as error:
            return refuse(self, request, 400, "invalid_request", str(error))
        self.polls[task_id] += 1
        if (fault := self.faults.take("status_answer", task_id=task_id)) is not None:
            given = any_answer(fault, task_id=task_id)
            self._note_poll(task_id, given.status)
            return given
        if (fault := self.faults.take("status_cut", task_id=task_id)) is not None:
            self._note_poll(task_id, None)
            return cut(request, reset=fault.get("reset", False))
        given, told = self._told(request, task_id)
        if (fault := self.faults.take("status_hang", task_id=task_id)) is not None:
            self._note_poll(task_id, None, told)
            return given if await self.held.back(fault.get("seconds")) else cut(request)
        if self.faults.take("status_half_answer", task_id=task_id) is not None:
            self._note_poll(task_id, None, told)
            return await half(request, given)
        if (fault := self.faults.take("status_drip", task_id=task_id)) is not None:
            self._note_poll(task_id, None, told)
            return await drip(request, given, self.held, fault)
        if (fault := self.faults.take("status_large", task_id=task_id)) is not None:
            self._note_poll(task_id, given.status, told)
            return await pour_json(request, given, self.held, fault)
        self._note_poll(task_id, given.status, told)
        return given

    def _told(self, request: web.Request, task_id: str) -> tuple[web.Response, str | None]:
        """Make the answer to a status question, and the status it tells."""
        forgets = self.faults.take("task_forgotten", task_id=task_id) is not None
        task = self.tasks.get(task_id)
        if task is None:
            return refuse(self, request, 404, *UNKNOWN_TASK), None
        task.forgotten = task.forgotten or forgets
        if task.forgotten:
            return answer(404, dict(zip(("error", "message"), UNKNOWN_TASK, strict=True))), None
        shown = self.show(task, self.results_url)
        if (fault := self.faults.take("unknown_status", task_id=task_id)) is not None:
            shown["status"] = fault.get("word", "archiving")
            shown.pop("result_url", None)
        return answer(200, shown), shown["status"]

    def _note_poll(self, task_id: str, status: int | None, told: str | None = None) -> None:
        self.note(Poll(self.clock.now(), task_id, status, told))

    async def _balance(self, _: web.Request) -> web.StreamResponse:
        if (fault := self.faults.take("balance_answer")) is not None:
            return any_answer(fault)
        if self.options.balance_shape == "off":
            return answer(404, {"error": "not_found", "message": "no such route"})
        return answer(200, self.show_balance())
