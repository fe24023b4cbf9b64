"""The place that results are fetched from: another host than the API, in spirit; the API key has no business there."""

from dataclasses import replace
from typing import Any

from aiohttp import web

from sandbox.check_answers import page
from sandbox.checking import Checking, Link
from sandbox.ledger import Download, Refusal
from sandbox.wire_faults import LARGE, Held, any_answer, begin, body_of, cut, drip, fault_bytes, half, pour

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
            self._note(link, None, fault.get("after", 0))
            return await drip(request, answer, self._held, fault)
        if faults.take("result_endless", **place) is not None:
            self._note(link, None)
            return await pour(request, answer, self._held, None, told=False)
        if (fault := faults.take("result_large", **place)) is not None:
            size = fault.get("size", LARGE)
            self._note(link, 200, size)
            return await pour(request, answer, self._held, size, told=fault.get("told", True))
        self._note(link, 200, len(data))
        return answer

    async def _hang(
        self, request: web.Request, link: Link, answer: web.Response, fault: dict[str, Any]
    ) -> web.StreamResponse:
        data, after = body_of(answer), fault.get("after", 0)
        self._note(link, None, after)
        stream = await begin(request, answer, data[:after], len(data)) if after else None
        if not await self._held.back(fault.get("seconds")):
            return cut(request)
        if stream is None:
            return answer
        await stream.write(data[after:])
        return stream

    def _note(self, link: Link | None, status: int | None, sent: int = 0) -> None:
        task_id = link.task_id if link else None
        self._checking.note(Download(self._checking.clock.now(), task_id, status, sent))
