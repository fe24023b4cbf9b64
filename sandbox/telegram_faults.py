"""How the faults of the Telegram server strike a call."""

import asyncio
from typing import Any

from aiohttp import web

from sandbox.polling import OTHER_POLLER
from sandbox.refusals import Refusal, too_many_requests
from sandbox.state import State

BAD_GATEWAY = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body>\r\n</html>\r\n"


class FaultRefusal(Refusal):
    """A refusal that was armed."""

    def __init__(self, fault: str, refusal: Refusal) -> None:
        super().__init__(refusal.code, refusal.description, refusal.parameters)
        self.fault = fault


class Struck(Exception):
    """The call is answered with something that is not Telegram's JSON."""

    def __init__(self, fault: str, response: web.Response) -> None:
        super().__init__(fault)
        self.fault, self.response, self.code = fault, response, response.status
        self.description = f"fault: {fault}"


class CutError(Exception):
    """The connection breaks without an answer."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault, self.description = fault, f"fault: {fault}"


async def strike_before(state: State, method: str, given: dict[str, Any]) -> None:
    """Let an armed fault strike before the call is done.

    Raises:
        FaultRefusal: an answer in Telegram's form.
        Struck: an answer in another form.
        CutError: no answer.
    """
    place = {"method": method, "chat_id": _chat_id(given)}
    if state.faults.take("cut_before", method=method) is not None:
        raise CutError("cut_before")
    flood = state.faults.take("flood", **place)
    if flood is not None:
        raise FaultRefusal("flood", too_many_requests(flood.get("seconds", 1)))
    refuse = state.faults.take("refuse", **place)
    if refuse is not None:
        code, description = refuse.get("code", 400), refuse.get("description", "Bad Request: refused")
        raise FaultRefusal("refuse", Refusal(code, description, refuse.get("parameters")))
    if method == "getUpdates" and state.faults.take("conflict") is not None:
        raise FaultRefusal("conflict", Refusal(409, f"Conflict: {OTHER_POLLER}"))
    _strike_plainly(state, method)


def _strike_plainly(state: State, method: str) -> None:
    for fault, code, description in (
        ("unauthorized", 401, "Unauthorized"),
        ("flood_bare", 429, "Too Many Requests"),
        ("server_error", 500, "Internal Server Error"),
        ("too_large", 413, "Request Entity Too Large"),
    ):
        if state.faults.take(fault, method=method) is not None:
            raise FaultRefusal(fault, Refusal(code, description))
    if state.faults.take("bad_gateway", method=method) is not None:
        raise Struck("bad_gateway", web.Response(status=502, text=BAD_GATEWAY, content_type="text/html"))
    if state.faults.take("not_json", method=method) is not None:
        raise Struck("not_json", web.Response(text="it works!", content_type="text/html"))


def strike_after(state: State, method: str) -> None:
    """Let an armed fault strike once the call is done.

    Raises:
        CutError: no answer.
    """
    if state.faults.take("cut_after", method=method) is not None:
        raise CutError("cut_after")


async def hold_back(state: State, method: str) -> None:
    """Let the answer wait where "slow" is armed. The call is done by then, whether or not the client still listens."""
    slow = state.faults.take("slow", method=method)
    if slow is not None:
        await asyncio.sleep(slow.get("seconds", 1.0))


def _chat_id(given: dict[str, Any]) -> Any:
    value = given.get("chat_id")
    return int(value) if isinstance(value, str) and value.lstrip("-").isdigit() else value
