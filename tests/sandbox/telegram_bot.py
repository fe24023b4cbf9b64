"""A bot of three lines, so that tests see the wire and no library."""

from dataclasses import dataclass
from typing import Any

import httpx

from sandbox.telegram_api import TelegramServer

TOKEN = "42:TEST-token_of_the_sandbox_bot_0000000000"
BUTTON = {"text": "Check 3 numbers", "callback_data": "check:7"}
KEYBOARD = {"inline_keyboard": [[BUTTON]]}


@dataclass
class Bot:
    telegram: TelegramServer
    http: httpx.AsyncClient

    async def send(self, method: str, *, files: Any = None, **parameters: Any) -> httpx.Response:
        address = f"{self.telegram.url}/bot{TOKEN}/{method}"
        if files is not None:
            return await self.http.post(address, data=parameters, files=files)
        return await self.http.post(address, json=parameters)

    async def call(self, method: str, *, files: Any = None, **parameters: Any) -> Any:
        response = await self.send(method, files=files, **parameters)
        body = response.json()
        assert body["ok"], body
        return body["result"]

    async def refusal(self, method: str, *, files: Any = None, **parameters: Any) -> str:
        """The sentence with which the call is refused; the status and the body have to agree."""
        response = await self.send(method, files=files, **parameters)
        body = response.json()
        assert body["ok"] is False, body
        assert body["error_code"] == response.status_code
        return str(body["description"])

    async def updates(self, **parameters: Any) -> list[dict[str, Any]]:
        updates: list[dict[str, Any]] = await self.call("getUpdates", **parameters)
        return updates

    async def control(self, verb: str, path: str, **body: Any) -> dict[str, Any]:
        if verb == "GET":
            response = await self.http.get(f"{self.telegram.url}/sandbox/{path}", params=body)
        else:
            response = await self.http.request(verb, f"{self.telegram.url}/sandbox/{path}", json=body)
        answer: dict[str, Any] = response.json()
        return answer
