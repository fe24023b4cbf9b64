"""Reads what is sent to the checking API, and is stricter about it than the real one."""

import asyncio
import contextlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from aiohttp import BodyPartReader, web

NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")


class UploadRefusedError(Exception):
    """The request is not what the document asks for: 400, nothing is charged."""


class TooManyRowsError(UploadRefusedError):
    """The list has more rows than a task may have: 413, nothing is charged."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A list as it was sent: E.164 numbers with plus, none twice, in the order sent."""

    task_type: str
    numbers: tuple[str, ...] = field(repr=False)


async def read_upload(request: web.Request, task_type: str, max_rows: int) -> Upload:
    """Read the form of POST /v1/tasks: exactly ``file`` and ``task_type``.

    Raises:
        UploadRefusedError: with the reason in words; a refused line is named by its place, never by its text.
    """
    parts = await read_parts(request)
    for name in ("file", "task_type"):
        if name not in parts:
            raise UploadRefusedError(f"the field {name} is missing")
    if unknown := sorted(set(parts) - {"file", "task_type"}):
        raise UploadRefusedError(f"unknown field {', '.join(unknown)}")
    file = parts["file"]
    if file.file_name is None:
        raise UploadRefusedError("file is a text field, it has to be a file with a name")
    if not file.kind.startswith("text/"):
        raise UploadRefusedError(f"file is {file.kind or 'of no type'}, it has to be text")
    if parts["task_type"].file_name is not None:
        raise UploadRefusedError("task_type is a file, it has to be a text field")
    if parts["task_type"].data != task_type.encode():
        raise UploadRefusedError(f"unknown task_type, this server knows {task_type}")
    return Upload(task_type, await asyncio.to_thread(numbers_in, file.data, max_rows))


async def read_question(request: web.Request) -> str:
    """Read the form of POST /v1/gettasks, multipart or not: exactly ``task_id``."""
    if request.content_type == "application/x-www-form-urlencoded":
        with _while_the_client_is_there():
            fields = list((await request.post()).items())
    else:
        fields = [(name, part.data.decode(errors="replace")) for name, part in (await read_parts(request)).items()]
    if [name for name, _ in fields] != ["task_id"]:
        raise UploadRefusedError("the form has to have exactly one field, task_id")
    return str(fields[0][1])


@dataclass(frozen=True, slots=True)
class Part:
    """One field of a multipart form; ``file_name`` is None for a text field."""

    kind: str
    file_name: str | None
    data: bytes = field(repr=False)


async def read_parts(request: web.Request) -> Mapping[str, Part]:
    """Read a multipart form whose fields all have different names."""
    if request.content_type != "multipart/form-data":
        raise UploadRefusedError(f"the body is {request.content_type}, it has to be multipart/form-data")
    parts: dict[str, Part] = {}
    try:
        with _while_the_client_is_there():
            async for part in await request.multipart():
                if not isinstance(part, BodyPartReader) or part.name is None:
                    raise UploadRefusedError("a part of the form has no name")
                if part.name in parts:
                    raise UploadRefusedError(f"the field {part.name} is given twice")
                kind = part.headers.get("Content-Type", "").partition(";")[0].strip().lower()
                parts[part.name] = Part(kind, part.filename, bytes(await part.read()))
    except ValueError as error:
        raise UploadRefusedError("the multipart body is broken") from error
    return parts


@contextlib.contextmanager
def _while_the_client_is_there() -> Iterator[None]:
    """Turn aiohttp's word for a client that is gone in the middle of its request into the usual one."""
    try:
        yield
    except RuntimeError as error:
        raise ConnectionResetError("the client is gone") from error


def numbers_in(data: bytes, max_rows: int) -> tuple[str, ...]:
    """Read one E.164 number a line; the last line may or may not be ended."""
    if data.count(b"\n") + (not data.endswith(b"\n")) > max_rows:
        raise TooManyRowsError(f"the file has more than {max_rows} rows")
    try:
        lines = data.decode("ascii").removesuffix("\n").split("\n")
    except UnicodeDecodeError as error:
        raise UploadRefusedError(f"byte {error.start} of the file is not plain text") from error
    for place, line in enumerate(lines, 1):
        if not NUMBER.fullmatch(line):
            raise UploadRefusedError(f"line {place} of the file is {'no E.164 number' if line else 'blank'}")
    if len(set(lines)) < len(lines):
        raise UploadRefusedError("the file has a number twice")
    return tuple(lines)
