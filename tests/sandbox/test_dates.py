from typing import Any

import pytest

from sandbox.chats import Person
from sandbox.dates import around_dates, date_format, unix_time
from tests.sandbox.telegram_bot import Bot

DATE = '<tg-time unix="1647531900" format="wDT">17 March</tg-time>'


@pytest.mark.parametrize(
    ("given", "shown", "explicit"),
    [
        ("", "", ""),
        ("r", "r", "r"),
        ("R", "r", "r"),
        ("wDT", "wDT", "wDT"),
        ("tdw", "wdt", "wdt"),
        ("TDW", "wDT", "wDT"),
        ("dD", "d", "D"),
        ("Tt", "t", "t"),
        ("rt", None, None),
        ("x", None, None),
        ("d t", None, None),
    ],
)
def test_a_format_is_written_back_in_telegram_s_order(given: str, shown: str | None, explicit: str | None) -> None:
    assert date_format(given) == shown
    assert date_format(given, last=True) == explicit


@pytest.mark.parametrize(
    ("given", "read"), [("1647531900", 1647531900), ("12abc", 12), ("", 0), ("abc", 0), ("-5", -5), ("4294967297", 1)]
)
def test_a_time_is_its_leading_digits_in_32_bits(given: str, read: int) -> None:
    assert unix_time(given) == read


async def test_a_date_in_html_becomes_an_entity(bot: Bot, anna: Person) -> None:
    sent = await bot.call("sendMessage", chat_id=anna.id, parse_mode="HTML", text=f"on {DATE}.")
    (entity,) = sent["entities"]
    assert (sent["text"], entity["type"], entity["offset"], entity["length"]) == ("on 17 March.", "date_time", 3, 8)
    assert (entity["unix_time"], entity["date_time_format"]) == (1647531900, "wDT")
    for nothing in ("<tg-time>soon</tg-time>", '<tg-time unix="0">soon</tg-time>', '<tg-time unix="-1">soon</tg-time>'):
        assert "entities" not in await bot.call("sendMessage", chat_id=anna.id, parse_mode="HTML", text=nothing)


async def test_a_format_that_telegram_does_not_know_is_refused(bot: Bot, anna: Person) -> None:
    html = {"chat_id": anna.id, "parse_mode": "HTML"}
    wrong = await bot.refusal("sendMessage", **html, text='<tg-time unix="5" format="YYYY">x</tg-time>')
    assert wrong == "Bad Request: can't parse entities: Invalid date format used"
    await bot.call("sendMessage", **html, text='x<tg-time unix="5" format="YYYY"></tg-time>')


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (f"<b>on {DATE}!</b>", [("bold", 0, 3), ("date_time", 3, 8), ("bold", 11, 1)]),
        (f"<blockquote>{DATE}</blockquote>", [("blockquote", 0, 8), ("date_time", 0, 8)]),
        (f"<code>x {DATE}</code>", [("code", 0, 10)]),
        (f'<a href="https://example.org">x {DATE}</a>', [("text_link", 0, 10)]),
        ('<tg-time unix="5">x <code>y</code></tg-time>', [("date_time", 0, 3)]),
    ],
)
async def test_no_style_stands_in_a_date_and_no_date_in_code_or_a_link(
    bot: Bot, anna: Person, html: str, expected: list[tuple[str, int, int]]
) -> None:
    sent = await bot.call("sendMessage", chat_id=anna.id, parse_mode="HTML", text=html)
    assert [(one["type"], one["offset"], one["length"]) for one in sent["entities"]] == expected


@pytest.mark.parametrize(
    ("entity", "sentence"),
    [
        ({}, "can't parse MessageEntity: Can't find field \"unix_time\""),
        ({"unix_time": "soon"}, 'can\'t parse MessageEntity: Field "unix_time" must be of type Number'),
        ({"unix_time": 5, "date_time_format": "x"}, "can't parse MessageEntity: Invalid date-time format specified"),
        ({"unix_time": 0}, "invalid date specified"),
    ],
)
async def test_an_explicit_date_that_cannot_be_is_refused(
    bot: Bot, anna: Person, entity: dict[str, Any], sentence: str
) -> None:
    entities = [{"type": "date_time", "offset": 0, "length": 4, **entity}]
    assert (
        await bot.refusal("sendMessage", chat_id=anna.id, text="soon", entities=entities) == f"Bad Request: {sentence}"
    )


async def test_an_explicit_date_is_kept_and_nothing_is_found_inside_it(bot: Bot, anna: Person) -> None:
    date = {"type": "date_time", "offset": 0, "length": 6, "unix_time": 5, "date_time_format": "Tdt"}
    sent = await bot.call("sendMessage", chat_id=anna.id, text="/later", entities=[date])
    assert sent["entities"] == [{**date, "date_time_format": "dt"}]


def test_entities_that_meet_no_date_are_left_as_they_are() -> None:
    both = [{"type": "bold", "offset": 0, "length": 4}, {"type": "code", "offset": 2, "length": 4}]
    assert around_dates(both) == both
