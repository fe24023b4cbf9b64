"""What a bot's request holds: the query string and a body of JSON, a form, or a form with files."""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import BodyPartReader, web

from sandbox.files import Upload
from sandbox.refusals import Refusal, bad_request

UPLOAD_LIMIT = 50 * 1024 * 1024


async def read_request(request: web.Request) -> dict[str, Any]:
    """Give the parameters as they were sent; files as ``Upload``, also where a parameter says attach://name.

    Raises:
        Refusal: 400 for a body that is not what its type says, 413 for more than 50 MB.
    """
    given: dict[str, Any] = dict(request.query)
    if request.method == "GET" or not request.can_read_body:
        return given
    kind = request.content_type
    if kind == "application/json":
        given |= await _read_json(request)
    elif kind == "multipart/form-data":
        given |= await _read_multipart(request)
    elif kind == "application/x-www-form-urlencoded":
        given |= _texts(await request.post())
    else:
        raise bad_request(f"the sandbox does not know the content type {kind}")
    return given


async def _read_json(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.text())
    except ValueError:
        raise bad_request("can't parse request body: JSON is expected") from None
    if not isinstance(body, dict):
        raise bad_request("object expected as request body")
    return body


def _texts(form: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in form.items() if isinstance(value, str)}


async def _read_multipart(request: web.Request) -> dict[str, Any]:
    given: dict[str, Any] = {}
    files: dict[str, Upload] = {}
    left = UPLOAD_LIMIT
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or not part.name:
                raise bad_request("every part of the form needs a name")
            data = await _read_part(part, left)
            left -= len(data)
            if left < 0:
                continue  # the rest is read too: an answer to a half-sent request is not heard by every client
            if part.filename:
                files[part.name] = Upload(part.filename, data, part.headers.get("Content-Type"))
            else:
                given[part.name] = data.decode()
    except ValueError:
        raise bad_request("can't parse request body: a form is expected") from None
    if left < 0:
        raise Refusal(413, "Request Entity Too Large")
    return _joined(given, files)


async def _read_part(part: BodyPartReader, left: int) -> bytes:
    """Read a part; of one that is too large all is read, and just enough kept to see that it is."""
    data = bytearray()
    while chunk := await part.read_chunk(256 * 1024):
        if len(data) <= left:
            data += chunk
    return bytes(data)


def _joined(given: dict[str, Any], files: dict[str, Upload]) -> dict[str, Any]:
    """Put the files where the parameters point to them."""
    for name, value in given.items():
        if isinstance(value, str) and value.startswith("attach://"):
            attached = files.pop(value.removeprefix("attach://"), None)
            if attached is None:
                raise bad_request(f"can't find the file of {value}")
            given[name] = attached
    return {**given, **files}
