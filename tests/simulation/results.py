"""What the files that were sent say of numbers, held against what the checking API says of each."""

import io
import re
import zipfile
from collections.abc import Iterator
from itertools import pairwise

from openpyxl import load_workbook

from sandbox.chats import Message
from sandbox.checking import Checking

BEGINS = b"the numbers and what became of them\n"
"""How a workbook of the simulation begins."""
VERDICTS = frozenset({"yes", "no", "undetermined"})
OF_ALL = {"yes": "yes", "newly": "yes", "no": "no", "gone": "no"}
"""What is true of all numbers in a part of a result, by what its file is called."""


def untruths(message: Message, checker: Checking) -> list[str]:
    """Say what a file says that the API would not say; that something is undetermined is never wrong."""
    name, data = message.document["file_name"] if message.document else "", message.data or b""
    if name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            name, data = name.removesuffix(".zip"), archive.read(archive.namelist()[0])
    said = [*_of_a_result(data)] if "_checked_" in name else [*_of_a_part(name, data)]
    wrong = [one for one in said if one[1] not in {"undetermined", checker.verdict_of(one[0])}]
    return [f"{name} says that {number} is a {verdict}" for number, verdict in wrong]


def _of_a_result(data: bytes) -> Iterator[tuple[str, str]]:
    if data.startswith(BEGINS):
        for line in data.removeprefix(BEGINS).decode().splitlines():
            number, _, verdict = line.partition(" ")
            yield number, verdict
    elif data.startswith(b"PK"):
        book = load_workbook(io.BytesIO(data), read_only=True)
        for row in book["Result"].iter_rows(values_only=True):
            for said, cell in pairwise(row):
                if said in VERDICTS and cell is not None:
                    yield str(cell), str(said)
        book.close()


def _of_a_part(name: str, data: bytes) -> Iterator[tuple[str, str]]:
    verdict = next((verdict for part, verdict in OF_ALL.items() if f"_{part}_" in name), None)
    if verdict is not None and not data.startswith(b"PK"):
        for found in re.findall(rb"\+\d{8,15}", data):
            yield found.decode(), verdict
