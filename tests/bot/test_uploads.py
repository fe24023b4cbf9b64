"""The file that is submitted: byte for byte the list, whole or its new numbers, however it is read."""

import os
from array import array

import httpx
import pytest

from bot.known import DAY, Known
from bot.numbers import pack, read_numbers
from bot.uploads import Upload, upload_of
from tests.bot.bench import numbers

LIST = numbers(10_000)
PACKED = pack(read_numbers(LIST)).numbers


@pytest.mark.parametrize("size", [1, 12, 13, 1000, 1 << 20, -1])
def test_it_is_the_list_in_whatever_pieces_it_is_read(size: int) -> None:
    upload = Upload(lambda: [b"+79120000001", b"+4917612345678"])
    pieces = list(iter(lambda: upload.read(size), b""))
    assert b"".join(pieces) == b"+79120000001\n+4917612345678\n"
    assert size < 0 or max(map(len, pieces)) <= size
    assert (len(upload), upload.count, upload.tell()) == (28, 2, 28)


def test_it_begins_anew_after_its_end_was_looked_for() -> None:
    upload = upload_of(PACKED, None)
    assert upload.seek(0, os.SEEK_END) == len(LIST) + 1
    upload.seek(0)
    assert upload.read(26).decode() == LIST[:26]


async def test_a_request_states_its_length_and_holds_it_once() -> None:
    request = httpx.Request("POST", "http://api.example", files={"file": ("numbers.txt", upload_of(PACKED, None))})  # type: ignore[dict-item]  # httpx reads what has read()
    body = b"".join([piece async for piece in request.stream])  # type: ignore[union-attr]  # it is an asynchronous one
    assert int(request.headers["Content-Length"]) == len(body)
    assert f"\r\n\r\n{LIST}\n\r\n".encode() in body


def test_only_the_new_numbers_go_out_where_the_others_are_known() -> None:
    known = Known("yu" * 5_000, array(DAY, [1, 0] * 5_000))
    upload = upload_of(PACKED, known)
    sent = upload.read().decode().split()
    assert upload.count == len(sent) == known.codes.count("u")
    assert sent == [one for one, new in zip(LIST.split(), known.news, strict=True) if new]
