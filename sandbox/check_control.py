"""The control routes of the checking API, for another process: the same as the Python interface.

    GET    /sandbox/ledger                     everything that happened; ?numbers=1 shows the numbers too
    GET    /sandbox/tasks                      how far each task is
    POST   /sandbox/tasks/{task_id}/release    let a stalled task go on
    POST   /sandbox/held/release               let every answer go that is held back
    GET    /sandbox/faults                     names and meanings, what is armed, what struck
    POST   /sandbox/faults                     {"name": ..., "times": 1, "options": {...}}
    DELETE /sandbox/faults/{name}              take back what has not struck
    GET    /sandbox/options                    how the server behaves
    POST   /sandbox/options                    change some of it
    POST   /sandbox/clock                      {"advance": seconds} or {"speed": factor} or both; answers the time
    POST   /sandbox/verdicts                   {"numbers": [...]} -> yes, no or undetermined of each

A request that is not understood is answered 400 with the reason, and changes nothing.
"""

from dataclasses import asdict
from typing import Any

from aiohttp import web

from sandbox.check_answers import answer
from sandbox.check_options import WrongOptionError
from sandbox.checking import Checking
from sandbox.faults import CHECK_FAULTS
from sandbox.wire_faults import Held


class ControlRefusedError(Exception):
    """A control request that is not understood."""


class CheckControl:
    """The handlers of the control routes."""

    def __init__(self, checking: Checking, held: Held) -> None:
        self._checking = checking
        self._held = held

    def routes(self) -> list[web.RouteDef]:
        """Give the routes to add to the server."""
        return [
            web.get("/sandbox/ledger", self._ledger, allow_head=False),
            web.get("/sandbox/tasks", self._tasks, allow_head=False),
            web.post("/sandbox/tasks/{task_id}/release", self._release),
            web.post("/sandbox/held/release", self._let_go),
            web.get("/sandbox/faults", self._faults, allow_head=False),
            web.post("/sandbox/faults", self._arm),
            web.delete("/sandbox/faults/{name}", self._disarm),
            web.get("/sandbox/options", self._options, allow_head=False),
            web.post("/sandbox/options", self._change),
            web.post("/sandbox/clock", self._clock),
            web.post("/sandbox/verdicts", self._verdicts),
        ]

    async def _ledger(self, request: web.Request) -> web.Response:
        checking, shown = self._checking, request.query.get("numbers") == "1"
        return answer(
            200,
            {
                "charges": [charge.as_json(with_numbers=shown) for charge in checking.ledger],
                "spent": str(checking.spent),
                "polls": checking.polls,
                "submits": [submit.as_json() for submit in checking.submits],
                "poll_log": [asdict(poll) for poll in checking.poll_log],
                "downloads": [asdict(download) for download in checking.downloads],
                "refused": [asdict(refusal) for refusal in checking.refused],
                "leaks": [asdict(leak) for leak in checking.leaks],
            },
        )

    async def _tasks(self, _: web.Request) -> web.Response:
        now = self._checking.clock.now()
        shown = [
            {"task_id": task.task_id, "count": len(task.numbers), "stands": task.stands_at is not None}
            | {"forgotten": task.forgotten, **asdict(task.progress(now))}
            for task in self._checking.tasks.values()
        ]
        return answer(200, {"tasks": shown})

    async def _release(self, request: web.Request) -> web.Response:
        task_id = request.match_info["task_id"]
        if task_id not in self._checking.tasks:
            return answer(404, {"error": "no such task"})
        return answer(200, {"released": self._checking.release(task_id)})

    async def _let_go(self, _: web.Request) -> web.Response:
        return answer(200, {"released": self._held.let_go()})

    async def _faults(self, _: web.Request) -> web.Response:
        faults = self._checking.faults
        armed = {name: [_shown(options) for options in faults.armed.get(name, ())] for name in CHECK_FAULTS}
        return answer(
            200,
            {
                "faults": CHECK_FAULTS,
                "armed": {name: options for name, options in armed.items() if options},
                "struck": [
                    {"name": name, "options": _shown(options)}
                    for name, options in faults.struck
                    if name in CHECK_FAULTS
                ],
            },
        )

    async def _arm(self, request: web.Request) -> web.Response:
        try:
            wanted = await _json(request, {"name", "times", "options"})
        except ControlRefusedError as error:
            return answer(400, {"error": str(error)})
        name, times, options = wanted.get("name"), wanted.get("times", 1), wanted.get("options", {})
        if name not in CHECK_FAULTS:
            return answer(400, {"error": f"no fault is called {name}"})
        if not isinstance(times, int) or times < 1 or not isinstance(options, dict):
            return answer(400, {"error": "times is a number from 1, options an object"})
        for _ in range(times):
            self._checking.faults.arm(name, **options)
        return answer(200, {"armed": len(self._checking.faults.armed[name])})

    async def _disarm(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in CHECK_FAULTS:
            return answer(404, {"error": f"no fault is called {name}"})
        self._checking.faults.disarm(name)
        return answer(200, {"armed": 0})

    async def _options(self, _: web.Request) -> web.Response:
        return answer(200, self._checking.options.as_json())

    async def _change(self, request: web.Request) -> web.Response:
        try:
            self._checking.change(**await _json(request, set(self._checking.options.as_json())))
        except (ControlRefusedError, WrongOptionError) as error:
            return answer(400, {"error": str(error)})
        return await self._options(request)

    async def _clock(self, request: web.Request) -> web.Response:
        clock = self._checking.clock
        try:
            wanted = await _json(request, {"advance", "speed"})
        except ControlRefusedError as error:
            return answer(400, {"error": str(error)})
        if not all(isinstance(value, int | float) and value >= 0 for value in wanted.values()):
            return answer(400, {"error": "advance and speed are numbers from 0"})
        if "speed" in wanted:
            clock.run(wanted["speed"])
        clock.advance(wanted.get("advance", 0))
        return answer(200, {"now": clock.now(), "speed": clock.speed})

    async def _verdicts(self, request: web.Request) -> web.Response:
        try:
            wanted = await _json(request, {"numbers"})
        except ControlRefusedError as error:
            return answer(400, {"error": str(error)})
        return answer(
            200, {str(number): self._checking.verdict_of(str(number)) for number in wanted.get("numbers", [])}
        )


async def _json(request: web.Request, known: set[str]) -> dict[str, Any]:
    try:
        wanted = await request.json()
    except ValueError as error:
        raise ControlRefusedError("the body is no JSON") from error
    if not isinstance(wanted, dict):
        raise ControlRefusedError("the body is no object")
    if unknown := sorted(set(wanted) - known):
        raise ControlRefusedError(f"unknown: {', '.join(unknown)}")
    return wanted


def _shown(options: dict[str, Any]) -> dict[str, Any]:
    """Make a fault's options fit for JSON; bytes are shown as their number."""
    return {name: f"{len(value)} bytes" if isinstance(value, bytes) else value for name, value in options.items()}
