"""Contacts of every version become names and phones."""

import pytest

from bot.sheets import Row
from bot.vcards import is_vcard, read_vcards, write_vcard

MANY = """BEGIN:VCARD
VERSION:3.0
N:Kim;Viktor;;;
TEL;TYPE=CELL:+7 912 345-67-80
item1.TEL;TYPE=HOME:8 (495)
  123-45-67
END:VCARD
BEGIN:VCARD
VERSION:4.0
FN:Anna\\, Perm
TEL;VALUE=uri;TYPE=cell:tel:+7-912-345-67-81;ext=12
END:VCARD
BEGIN:VCARD
ORG:Daisy;Sales
END:VCARD
"""


def rows(text: str) -> list[Row]:
    return list(read_vcards(text).rows)[1:]


def test_each_phone_is_a_row_and_a_contact_without_one_too() -> None:
    assert rows(MANY) == [
        ("Kim Viktor", "+7 912 345-67-80"),
        ("Kim Viktor", "8 (495) 123-45-67"),
        ("Anna, Perm", "+7-912-345-67-81"),
        ("Daisy Sales",),
    ]


@pytest.mark.parametrize(
    ("value", "charset"),
    [("=D0=90=D0=BD=D0=BD=D0=B0", "UTF-8"), ("=C0=ED=ED=E0", "windows-1251"), ("=C0=ED=ED=E0", "?")],
)
def test_old_contacts_name_their_encoding(value: str, charset: str) -> None:
    card = f"BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET={charset};ENCODING=QUOTED-PRINTABLE:{value}\nTEL;CELL:1\nEND:VCARD"
    assert rows(card) == [("Анна", "1")]


def test_a_line_of_quoted_printable_goes_on_after_its_soft_break() -> None:
    assert rows("BEGIN:VCARD\nFN;QUOTED-PRINTABLE:=D0=90=\n=D0=BD\nTEL:1\nEND:VCARD") == [("Ан", "1")]


def test_a_file_that_was_cut_off_keeps_its_last_contact() -> None:
    assert rows("BEGIN:VCARD\nFN:Ann\nTEL:+79123456780") == [("Ann", "+79123456780")]


def test_what_was_written_is_read() -> None:
    card = write_vcard("Kim; V, \\ \n x", "+7 912")
    assert is_vcard(card)
    assert rows(card) == [("Kim; V, \\ x", "+7 912")]


@pytest.mark.parametrize("text", ["", "BEGIN:VCALENDAR\n", "call BEGIN:VCARD\n", "BEGIN:VCARDS\n"])
def test_other_texts_are_no_contacts(text: str) -> None:
    assert not is_vcard(text)
