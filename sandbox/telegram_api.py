"""A local Bot API server: stateful, strict, loud on anything it does not know.

    async with TelegramServer(token="1:abc") as telegram:
        anna = telegram.add_person("Anna")
        chat_id = telegram.private_chat(anna)
        await telegram.send_text(anna, chat_id, "/start")          # the bot is given it by getUpdates
        answer = await telegram.wait_for(lambda server: server.last(chat_id, "Hello"))

It answers at ``{url}/bot<token>/<method>`` and ``{url}/file/bot<token>/<path>``; the same for other processes as JSON
under ``{url}/sandbox/...`` (see ``sandbox/telegram_control.py``), and ``{url}/`` is a page for people
(``sandbox/page.py``). What it accepts, Telegram accepts; unknown methods,
parameters and fields are refused with the name of what is unknown. Every call is in ``calls``, every one that was
refused without a fault being armed for it in ``refused``, every file the bot fetched in ``downloads``.

Limitations. HTML is the only parse mode; entities inside code are not split, and the 100 that Telegram keeps at most
are not counted. There is no inline mode, no business account, no ephemeral or rich message, poll, payment, sticker,
album sent by the bot, reply to another chat or quote; channels can only be written into, and post into one group.
A photo is PNG or JPEG and stays as it was sent.
Files are not fetched by URL, custom emoji not looked up, webhooks remembered but never called. Limits of single
methods (setMyName a few times a day) are not kept; a chat lets 5 messages pass at once and then one a second, which
only comes near what Telegram does. The 15 seconds of a press and the 24 hours of an update pass on ``clock``,
the timeouts of getUpdates and of those who wait in real seconds. Nothing outlives the process.
"""

import ipaddress
import json
import re
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TypeVar

from aiohttp import web

from sandbox.calls import ANSWERS, Call, without_files
from sandbox.changes import Changes
from sandbox.chats import Message, Person
from sandbox.clients import Clients
from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.files import FileStore, StoredFile
from sandbox.flood import FloodLimits
from sandbox.page import add_page
from sandbox.parameters import check_parameters
from sandbox.polling import get_updates
from sandbox.refusals import Refusal
from sandbox.state import State
from sandbox.telegram_control import add_control_routes
from sandbox.telegram_faults import CutError, Struck, hold_back, strike_after, strike_before
from sandbox.update_queue import UpdateQueue
from sandbox.upload import read_request
from sandbox.visitors import turn_away_foreigners
from sandbox.wire_faults import cut

T = TypeVar("T")
FILES_ROUTE = "/file/bot{token}/{path:.+}"
METHOD_ROUTE = "/bot{token}/{method}"


class TelegramServer(Clients):
    """The server, the people who use it, and the record of what the bot did.

    Args:
        token: the one token it accepts; the number before the colon is the bot's id.
        faults: armed by tests; shared with other servers or the server's own.
        flood_limits: whether too many messages are refused with 429.
        clock: the sandbox's time; moved by ``clock.advance(seconds)``.
        username: the bot's, without @.
        host, port: where to listen; loopback only, and a free port unless one is named.

    """

    def __init__(  # noqa: PLR0913 - the knobs of one server
        self,
        token: str,
        faults: Faults | None = None,
        *,
        flood_limits: bool = True,
        clock: Clock | None = None,
        username: str = "number_check_bot",
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        if not ipaddress.ip_address(host).is_loopback:
            raise ValueError("The sandbox listens on loopback addresses only.")
        self.token, self.host, self.port = token, host, port
        self.clock = clock or Clock()
        self.faults = faults or Faults()
        self.bot = Person(int(token.partition(":")[0]), "Number check", username, None, is_bot=True)
        changes = Changes()
        super().__init__(
            State(
                bot=self.bot,
                faults=self.faults,
                clock=self.clock,
                flood=FloodLimits(flood_limits),
                changes=changes,
                updates=UpdateQueue(self.clock, changes, self.faults),
                files=FileStore(self.clock),
            )
        )
        self.calls: list[Call] = []
        self.downloads: list[StoredFile] = []
        self.beside: dict[str, list[web.RouteDef]] = {}
        """Routes of another server to serve as well, by the prefix of their path; set before it is opened."""
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """The base address, as the bot's setting for it wants it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def refused(self) -> list[Call]:
        """The calls that were refused though no fault was armed for them: the bot's mistakes, mostly."""
        return [call for call in self.calls if not call.ok and call.fault is None]

    @property
    def events(self) -> list[dict[str, Any]]:
        """What happened so far, in the order it happened; see ``sandbox/telegram_control.py`` for the kinds."""
        return self.state.changes.events

    @property
    def polling(self) -> bool:
        """Whether a getUpdates of the bot waits at this moment."""
        return self.state.updates.pollers > 0

    @property
    def updates(self) -> UpdateQueue:
        """What waits for the bot and what it confirmed."""
        return self.state.updates

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=2**30, middlewares=[turn_away_foreigners])
        app.router.add_route("*", METHOD_ROUTE, self._answer)
        app.router.add_get(FILES_ROUTE, self._download)
        add_control_routes(app, self)
        add_page(app)
        for prefix, routes in self.beside.items():
            part = web.Application()
            part.add_routes(routes)
            app.add_subapp(prefix, part)
        app.router.add_route("*", "/{anything:.*}", self._lost)
        self._runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=0.05)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.host, self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def messages(self, chat_id: int) -> list[Message]:
        """All messages of a chat, newest last, of both sides; those that were deleted are marked so."""
        return list(self.state.chats[chat_id].messages.values())

    def bot_messages(self, chat_id: int) -> list[Message]:
        """What the bot wrote there and did not take away."""
        return [one for one in self.messages(chat_id) if one.sender is self.bot and not one.deleted]

    def last(self, chat_id: int, containing: str = "") -> Message | None:
        """The bot's newest message there whose text (as it stands now) contains this."""
        found = [one for one in self.bot_messages(chat_id) if containing in one.text]
        return found[-1] if found else None

    def calls_of(self, method: str) -> list[Call]:
        """The calls of one method."""
        return [call for call in self.calls if call.method == method]

    async def inject(self, update: dict[str, Any]) -> int:
        """Queue an update as it is; give its update_id."""
        return self.updates.push(update)

    async def wait_for(self, look: Callable[[Self], T | None], timeout: float = 60.0) -> T:  # noqa: ASYNC109 - patience
        """Look at the server now and after each change until there is something to see; give it.

        Raises:
            TimeoutError: nothing was there within ``timeout`` real seconds; says what the bot did last.
        """
        try:
            return await self.state.changes.wait_for(lambda: look(self), timeout)
        except TimeoutError:
            done = [f"{call.method} -> {call.description or 'ok'}" for call in self.calls[-8:]]
            raise TimeoutError(f"Not seen within {timeout} s. The bot's last calls: {'; '.join(done)}") from None

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        response = await self._done(request, method)
        await hold_back(self.state, method)
        return response

    async def _done(self, request: web.Request, method: str) -> web.Response:
        given: dict[str, Any] = {}
        try:
            self._check_token(request.match_info["token"])
            given = await read_request(request)
            await strike_before(self.state, method, given)
            given = check_parameters(method, given)
            if method == "getUpdates":
                result: Any = await get_updates(self.state, given)
            else:
                result = ANSWERS[method](self.state, given)
            strike_after(self.state, method)
        except Refusal as refusal:
            self._write_down(method, given, refusal)
            return web.json_response(refusal.body(), status=refusal.code)
        except Struck as fault:
            self._write_down(method, given, fault)
            return fault.response
        except CutError as fault:
            self._write_down(method, given, fault)
            return cut(request)
        except Exception as error:
            self._write_down(method, given, Refusal(500, f"the sandbox broke: {error!r}"))
            raise
        self._write_down(method, given, None, result)
        return web.json_response({"ok": True, "result": result}, dumps=_dumps)

    def _write_down(
        self, method: str, given: dict[str, Any], trouble: Refusal | Struck | CutError | None, result: Any = None
    ) -> None:
        call = Call(
            method=method,
            params=without_files(_readable(given)),
            ok=trouble is None,
            error_code=getattr(trouble, "code", None),
            description=getattr(trouble, "description", None),
            at=self.clock.now(),
            fault=getattr(trouble, "fault", None),
            result=result,
        )
        self.calls.append(call)
        if trouble is not None:
            self.state.changes.tell("refused", method=method, code=call.error_code, description=call.description)
        else:
            self.state.changes.tell()

    def _check_token(self, token: str) -> None:
        if token != self.token:
            raise Refusal(401, "Unauthorized") if re.fullmatch(r"\d+:[\w-]+", token) else Refusal(404, "Not Found")

    async def _download(self, request: web.Request) -> web.Response:
        try:
            self._check_token(request.match_info["token"])
            stored = self._downloadable(request.match_info["path"])
        except Refusal as refusal:
            return web.json_response(refusal.body(), status=refusal.code)
        self.downloads.append(stored)
        self.state.changes.tell("downloaded", file_name=stored.file_name, size=stored.size)
        return web.Response(body=stored.data, content_type="application/octet-stream")

    def _downloadable(self, path: str) -> StoredFile:
        fault = self.faults.take("file_unreachable")
        if fault is not None:
            raise Refusal(fault.get("status", 404), "Not Found")
        stored = self.state.files.download(path)
        if stored is None:
            raise Refusal(404, "Not Found")
        return stored

    async def _lost(self, request: web.Request) -> web.Response:
        refusal = Refusal(404, "Not Found")
        if not request.path.startswith("/sandbox/"):
            self._write_down(request.path.rpartition("/")[2], {}, refusal)
        return web.json_response(refusal.body(), status=404)


def _readable(given: dict[str, Any]) -> dict[str, Any]:
    """Parameters with their JSON strings read, so that a form and a JSON body are written down alike."""
    return {name: _unpacked(value) for name, value in given.items()}


def _unpacked(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in {"{", "["}:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _dumps(thing: Any) -> str:
    return json.dumps(thing, ensure_ascii=False)
