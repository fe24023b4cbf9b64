import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.decoding import decode

TEXT = "Имя;Телефон\r\nАнна;+7 912 345-67-89\r\nБорис;+79123456780\r\n"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32"),
        TEXT.encode("cp1251"),
    ],
    ids=["utf-8", "utf-8 bom", "utf-16", "le bom", "be bom", "le", "be", "utf-32", "cp1251"],
)
def test_every_usual_encoding_gives_the_same_text(data: bytes) -> None:
    assert decode(data) == TEXT


def test_a_character_cut_off_at_the_end_does_not_change_the_encoding() -> None:
    assert decode("Анна +79123456789 Я".encode()[:-1]) == "Анна +79123456789 "


def test_an_odd_byte_at_the_end_of_utf16_is_dropped() -> None:
    assert decode("+79123456789".encode("utf-16") + b"\n") == "+79123456789"


def test_a_byte_without_meaning_in_cp1251_does_not_cost_the_list() -> None:
    assert decode("Анна +79123456789".encode("cp1251") + b"\x98") == "Анна +79123456789\ufffd"


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)),
        b"PK\x03\x04\x14\x00",
        b"%PDF-1.7\n1 0 obj\n",
        b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff",
        b"\x7fELF\x02\x01\x01" + bytes(9),
        b"\x1f\x8b\x08\x00abc",
        b"+79123456789\n\x00\x00\x00",
        b"\x00" * 100,
        bytes(range(1, 32)) * 4 + b"+79123456789",
        b"+79123456789\n" * 2000 + b"\x00",
    ],
    ids=["png", "jpeg", "zip", "pdf", "exe", "elf", "gzip", "nuls", "only nuls", "controls", "late nul"],
)
def test_what_is_not_text_is_said_so(data: bytes) -> None:
    assert decode(data) is None


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_not_but_never_an_error(data: bytes) -> None:
    text = decode(data)
    assert text is None or "\0" not in text
