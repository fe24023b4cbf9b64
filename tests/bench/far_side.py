"""Both far sides for the benchmark of jobs, in a process of their own: a Bot API server and a checking API.

They do no more than the benchmark needs, so that they keep up with a bot that is in a hurry. Telegram's limit for all
chats together is kept as Telegram keeps it; everything that came is noted with its time.

    python -m tests.bench.far_side      prints the port; GET /report gives what came, POST /export ends tasks
"""

import asyncio
import json
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web

MOST: Final = 30
"""Messages a second in all that Telegram takes."""
BOT: Final = {"id": 424_242, "is_bot": True, "first_name": "Bot", "username": "plain_bot"}


@dataclass
class FarSide:
    """What came, and which tasks are exported."""

    url: str = ""
    polls: list[tuple[str, float]] = field(default_factory=list)
    """Which task was asked about, and when (seconds since 1970)."""
    documents: list[float] = field(default_factory=list)
    """When each result came into its chat."""
    edits: int = 0
    refused: int = 0
    exported: dict[str, list[str]] = field(default_factory=dict)
    """The numbers of tasks that are finished."""
    export_at: float = float("inf")
    polling: int = 0
    latest: deque[float] = field(default_factory=deque)
    message_id: int = 1_000_000

    def app(self) -> web.Application:
        """Give the routes."""
        app = web.Application(client_max_size=2**26)
        app.router.add_post("/bot{token}/{method}", self._call)
        app.router.add_get("/bot{token}/{method}", self._call)
        app.router.add_post("/v1/gettasks", self._status)
        app.router.add_get("/files/{task}", self._file)
        app.router.add_get("/report", self._report)
        app.router.add_post("/export", self._export)
        return app

    async def _call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        if method == "getUpdates":
            self.polling += 1
            await asyncio.sleep(30)
            return _ok([])
        said: Any = await (request.json() if request.content_type == "application/json" else request.post())
        if method == "getMe":
            return _ok(BOT)
        if method not in {"sendDocument", "sendMessage", "editMessageText", "sendPhoto"}:
            return _ok(result=True)
        if self._is_too_much():
            self.refused += 1
            words = "Too Many Requests: retry after 1"
            told = {"ok": False, "error_code": 429, "description": words, "parameters": {"retry_after": 1}}
            return web.json_response(told, status=429)
        self.message_id += 1
        chat_id = int(str(said["chat_id"]))
        message: dict[str, Any] = {
            "message_id": int(str(said.get("message_id", self.message_id))),
            "date": int(time.time()),
            "chat": {"id": chat_id, "type": "private"},
        }
        if method == "sendDocument":
            self.documents.append(time.time())
            message["document"] = {"file_id": f"file-{self.message_id}", "file_unique_id": f"u-{self.message_id}"}
        self.edits += method == "editMessageText"
        return _ok(message)

    def _is_too_much(self) -> bool:
        now = time.monotonic()
        while self.latest and self.latest[0] <= now - 1:
            self.latest.popleft()
        if len(self.latest) >= MOST:
            return True
        self.latest.append(now)
        return False

    async def _status(self, request: web.Request) -> web.Response:
        task_id = str((await request.post())["task_id"])
        now = time.time()
        self.polls.append((task_id, now))
        told: dict[str, Any] = {"task_id": task_id, "status": "processing", "total": 1000, "success": 0, "failure": 0}
        numbers = self.exported.get(task_id)
        if numbers is not None and now >= self.export_at:
            link = f"{self.url}/files/{task_id}"
            told |= {"status": "exported", "total": len(numbers), "success": len(numbers), "result_url": link}
        else:
            # A number a second, so that there is something new to be shown with each answer.
            told["success"] = int(now) % 100_000
        return web.json_response(told)

    async def _file(self, request: web.Request) -> web.Response:
        rows = [
            f"{number},{'no' if int(number) % 2 else 'yes'}\n" for number in self.exported[request.match_info["task"]]
        ]
        return web.Response(body=("Number,telegram\n" + "".join(rows)).encode())

    async def _report(self, _: web.Request) -> web.Response:
        told = {name: getattr(self, name) for name in ("polls", "documents", "edits", "refused", "polling")}
        return web.json_response(told)

    async def _export(self, request: web.Request) -> web.Response:
        said = await request.json()
        self.exported, self.export_at = said["tasks"], said["at"]
        return web.json_response(data=True)


def _ok(result: object) -> web.Response:
    return web.json_response({"ok": True, "result": result})


async def main() -> None:
    """Serve until the process is ended."""
    side = FarSide()
    runner = web.AppRunner(side.app(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    side.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    sys.stdout.write(json.dumps(side.url) + "\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
