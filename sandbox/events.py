"""The events of a server over HTTP: one question after the other, or as a stream of server-sent events."""

import json
from functools import partial
from typing import Any

from aiohttp import web

from sandbox.changes import Changes

EVENT_STREAM = "text/event-stream"
SILENCE_SECONDS = 20.0
"""After so long without an event the stream says something, so that who does not listen any more is noticed."""


async def next_events(changes: Changes, given: dict[str, Any]) -> dict[str, Any]:
    """Give what came after an event; wait until there is something."""
    after = int(given.get("after", 0))
    try:
        found = await changes.wait_for(lambda: changes.after(after), float(given.get("timeout", 25)))
    except TimeoutError:
        found = []
    return {"events": found, "cursor": after + len(found)}


async def stream(changes: Changes, request: web.Request) -> web.StreamResponse:
    """Write event after event, from the one after ``Last-Event-ID`` or ``after`` on, until nobody listens."""
    after = int(request.headers.get("Last-Event-ID", request.query.get("after", 0)))
    answer = web.StreamResponse(headers={"Content-Type": EVENT_STREAM, "Cache-Control": "no-store"})
    await answer.prepare(request)
    while True:
        try:
            for event in await changes.wait_for(partial(changes.after, after), SILENCE_SECONDS):
                after = event["cursor"]
                data = json.dumps(event, ensure_ascii=False)
                await answer.write(f"id: {after}\nevent: {event['event']}\ndata: {data}\n\n".encode())
        except TimeoutError:
            await answer.write(b": still here\n\n")
