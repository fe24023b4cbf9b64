"""A checking API in its second shape, as small as one can be; it shares nothing with the sandbox.

Submits are answered with 202, ``message`` and ``total`` at once; results are a zip under .xlsx, by a signed link.
"""

import io
import zipfile
from dataclasses import dataclass, field
from typing import Self

from aiohttp import BodyPartReader, web

TASK = "cs9viu7i61pkfs4oavvg"


@dataclass
class PlainChecker:
    """One task at the most. An even last digit is a yes."""

    api_key: str
    url: str = ""
    lists: list[list[str]] = field(default_factory=list)
    """Every list that was charged."""
    polls: int = 0
    leaked: bool = False
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/api/tasks", self._submit)
        app.router.add_post("/api/gettasks", self._status)
        app.router.add_get("/files/{name}", self._result)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/api"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _submit(self, request: web.Request) -> web.Response:
        assert request.headers["X-API-Key"] == self.api_key
        parts = {}
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader):
                parts[part.name] = bytes(await part.read()).decode()
        assert parts["task_type"] == "tg"
        self.lists.append(parts["file"].split())
        created = {"created_at": "2024-10-19T18:24:56.450Z", "task_id": TASK, "status": "pending"}
        return web.json_response({**created, "message": "accepted", "total": len(self.lists[-1])}, status=202)

    async def _status(self, request: web.Request) -> web.Response:
        assert request.headers["X-API-Key"] == self.api_key
        assert (await request.post())["task_id"] == TASK
        self.polls += 1
        total = len(self.lists[-1])
        told = {"task_id": TASK, "status": "processing", "total": total, "success": total // 2, "failure": 0}
        if self.polls > 1:
            link = f"{self.url.removesuffix('/api')}/files/result.xlsx?sign=signature-that-must-not-be-logged"
            told |= {"status": "exported", "success": total, "result_url": link}
        return web.json_response(told)

    async def _result(self, request: web.Request) -> web.Response:
        self.leaked = self.leaked or "X-API-Key" in request.headers
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            rows = [f"{number.removeprefix('+')},{'no' if int(number) % 2 else 'yes'}\n" for number in self.lists[-1]]
            archive.writestr("all.csv", "number,activated\n" + "".join(rows))
        return web.Response(body=stream.getvalue())
