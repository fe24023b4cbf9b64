"""The place that results are fetched from: another host than the API, in spirit; the API key has no business there."""

import asyncio
import math
from dataclasses import replace
from typing import Any

from aiohttp import web

from sandbox.check_answers import page
from sandbox.checking import Checking, Link
from sandbox.ledger import Download, Refusal
from sandbox.wire_faults import Held, any_answer, begin, cut, fault_bytes, half

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BLOCK = bytes(64 * 1024)
LARGE = 200 * 1024 * 1024


class ResultLinks:
    """Serves what the signed links stand for, and writes down who asked."""

    def __init__(self, checking: Checking, held: Held) -> None:
        self._checking = checking
        self._held = held

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """GET /results/{signature}.xlsx."""
        signature = request.match_info["signature"]
        link = self._checking.links.get(signature)
        if link is None:
            refusal = Refusal(self._checking.clock.now(), request.method, request.path, 403, "no such link")
            self._checking.note(refusal)
            self._note(None, 403)
            return page(403, "Forbidden", "The signature does not match.")
        if self._checking.faults.take("result_expired", task_id=link.task_id) is not None:
            link = self._checking.links[signature] = replace(link, expires=self._checking.clock.now())
        if self._checking.clock.now() >= link.expires:
            self._note(link, 403)
            return page(403, "Forbidden", "The link has expired.")
        if (fault := self._checking.faults.take("result_answer", task_id=link.task_id)) is not None:
            self._note(link, fault.get("status", 500))
            return any_answer(fault)
        if (fault := self._checking.faults.take("result_moved", task_id=link.task_id)) is not None:
            self._note(link, 302)
            headers = {"Location": fault.get("location", request.path)}
            return web.Response(status=302, headers=headers)
        return await self._send(request, link)

    async def _send(self, request: web.Request, link: Link) -> web.StreamResponse:
        faults, place = self._checking.faults, {"task_id": link.task_id}
        if (fault := faults.take("result_file", **place)) is not None:
            data = fault_bytes(fault)
        else:
            data = await self._checking.result(link.task_id)
        answer = web.Response(body=data, content_type=XLSX)
        middle = len(data) // 2
        if (fault := faults.take("result_cut", **place)) is not None:
            after = fault.get("after", middle)
            self._note(link, None, after)
            return await half(request, answer, after, reset=fault.get("reset", False))
        if (fault := faults.take("result_truncated", **place)) is not None:
            data = data[: fault.get("after", middle)]
            answer = web.Response(body=data, content_type=XLSX)
        if (fault := faults.take("result_hang", **place)) is not None:
            return await self._hang(request, link, answer, fault)
        if (fault := faults.take("result_drip", **place)) is not None:
            return await self._drip(request, link, answer, fault)
        if faults.take("result_endless", **place) is not None:
            return await self._pour(request, link, answer, None)
        if (fault := faults.take("result_large", **place)) is not None:
            return await self._pour(request, link, answer, fault.get("size", LARGE), told=fault.get("told", True))
        self._note(link, 200, len(data))
        return answer

    async def _hang(
        self, request: web.Request, link: Link, answer: web.Response, fault: dict[str, Any]
    ) -> web.StreamResponse:
        data, after = _body(answer), fault.get("after", 0)
        self._note(link, None, after)
        stream = await begin(request, answer, data[:after], len(data)) if after else None
        if not await self._held.back(fault.get("seconds")):
            return cut(request)
        if stream is None:
            return answer
        await stream.write(data[after:])
        return stream

    async def _drip(
        self, request: web.Request, link: Link, answer: web.Response, fault: dict[str, Any]
    ) -> web.StreamResponse:
        data, after = _body(answer), fault.get("after", 0)
        self._note(link, None, after)
        stream = await begin(request, answer, data[:after], len(data))
        for place in range(after, len(data)):
            await stream.write(data[place : place + 1])
            if not await self._held.back(fault.get("seconds", 1.0)):
                return cut(request)
        return stream

    async def _pour(
        self, request: web.Request, link: Link, answer: web.Response, size: int | None, *, told: bool = False
    ) -> web.StreamResponse:
        """Send the file and then zeros up to this size (None: without end); nowhere is all of it in memory."""
        data = _body(answer)[:size]
        self._note(link, None if size is None else 200, size or 0)
        stream = await begin(request, answer, data, size if told else None)
        left = math.inf if size is None else size - len(data)
        while left > 0:
            if self._held.closed:
                return cut(request)
            await stream.write(BLOCK[: int(min(left, len(BLOCK)))])
            left -= len(BLOCK)
            await asyncio.sleep(0)
        return stream

    def _note(self, link: Link | None, status: int | None, sent: int = 0) -> None:
        task_id = link.task_id if link else None
        self._checking.note(Download(self._checking.clock.now(), task_id, status, sent))


def _body(answer: web.Response) -> bytes:
    return answer.body if isinstance(answer.body, bytes) else b""
