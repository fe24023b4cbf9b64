"""Whatever a bot may send is shown, and nothing of it does anything by itself."""

import json
import struct
import urllib.request
import zlib
from typing import Any

import pytest
from playwright.sync_api import expect

from sandbox.rehearsal import TOKEN
from tests.browser.conftest import Open
from tests.browser.window import Window

HOSTILE = "<script>document.title = 'hit'</script><img src=x onerror=\"document.title = 'hit'\">"
TEXT = """<b>bold</b> <i>italic</i> <code>+79160000001</code> <tg-spoiler>hidden</tg-spoiler>
<a href="https://t.me/number_check_bot?start=hello">inside</a> <a href="https://example.org/">outside</a>
<tg-time unix="1647531900" format="DT">17 March</tg-time> <tg-time unix="1647531900">in March</tg-time>
<blockquote>quoted
twice</blockquote>
/help"""


def say(address: str, method: str, **parameters: Any) -> None:
    """Speak as the bot, past the real one, when the chat's limits are over."""
    _post(f"{address}sandbox/clock", {"seconds": 10})
    assert _post(f"{address}bot{TOKEN}/{method}", parameters)["ok"]


def _post(address: str, body: dict[str, Any]) -> dict[str, Any]:
    request = urllib.request.Request(  # noqa: S310 - the sandbox of this test
        address, json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - as above
        given: dict[str, Any] = json.load(answer)
    return given


def send_picture(address: str, chat_id: int) -> None:
    rows = b"".join(b"\0" + bytes((40, 140, 220)) * 64 for _ in range(48))
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", 64, 48, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    parts = (
        ('name="chat_id"', str(chat_id).encode()),
        ('name="caption"', b"A picture"),
        ('name="photo"; filename="a.png"', png),
    )
    body = b"".join(b"--xx\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n" % (n.encode(), d) for n, d in parts)
    request = urllib.request.Request(  # noqa: S310 - the sandbox of this test
        f"{address}bot{TOKEN}/sendPhoto", body + b"--xx--\r\n", {"Content-Type": "multipart/form-data; boundary=xx"}
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - as above
        assert json.load(answer)["ok"]


@pytest.fixture
def vera(sits_down: Open) -> Window:
    window = sits_down("Vera", timezone_id="Asia/Tokyo", locale="en-GB")
    if window.page.locator("#start").is_visible():
        window.start()
    expect(window.from_bot.first).to_be_visible()
    return window


def test_what_a_bot_sends_is_shown_as_telegram_shows_it(vera: Window, address: str) -> None:
    person = int(vera.from_bot.first.get_attribute("data-chat-id") or 0)
    keys = [
        [{"text": "Pay", "callback_data": "x", "style": "danger"}, {"text": "Fine", "callback_data": "y"}],
        [{"text": "Site", "url": "https://example.org"}, {"text": "Copy", "copy_text": {"text": "144 of 260"}}],
    ]
    keyboard = {"inline_keyboard": keys}
    say(address, "sendMessage", chat_id=person, text=TEXT, parse_mode="HTML", reply_markup=keyboard)
    shown = vera.message("bold italic")
    expect(shown.locator("time.press").first).to_have_text("18 March 2022, 00:45:00")
    expect(shown.locator("time.press").last).to_have_text("in March")
    expect(shown.locator("blockquote")).to_have_text("quoted\ntwice")
    expect(shown.locator("b").first).to_have_text("bold")
    expect(shown.locator(".key.danger")).to_have_text("Pay")
    vera.press("Copy")
    vera.toast("Copied")
    assert vera.clipboard() == "144 of 260"
    shown.locator("code").click()
    expect(vera.page.locator("#toast.shown")).to_be_visible()
    assert vera.clipboard() == "+79160000001"
    spoiler = shown.locator(".spoiler")
    spoiler.click()
    expect(spoiler).to_have_class("press spoiler open")
    expect(shown.get_by_text("outside")).to_have_attribute("rel", "noopener noreferrer")
    say(address, "sendChatAction", chat_id=person, action="typing")
    expect(vera.page.locator("#subtitle")).to_contain_text("is typing")
    shown.get_by_text("inside").click()
    expect(vera.message("/start hello")).to_be_visible()
    shown.get_by_role("button", name="/help").click()
    expect(vera.page.locator(".row.out .message").last).to_contain_text("/help")


def test_pictures_are_seen_and_edits_and_questions_come_live(vera: Window, address: str) -> None:
    person = int(vera.from_bot.first.get_attribute("data-chat-id") or 0)
    _post(f"{address}sandbox/clock", {"seconds": 10})
    send_picture(address, person)
    photo = vera.page.locator(".photo")
    expect(photo).to_be_visible()
    expect(photo).to_have_js_property("naturalWidth", 64)
    last = int(vera.from_bot.last.get_attribute("data-message-id") or 0)
    say(address, "editMessageCaption", chat_id=person, message_id=last, caption="Another caption")
    expect(vera.message("Another caption").locator(".meta")).to_contain_text("edited")
    say(address, "deleteMessage", chat_id=person, message_id=last)
    expect(photo).to_have_count(0)
    force = {"force_reply": True, "input_field_placeholder": "The task's id"}
    say(address, "sendMessage", chat_id=person, text="Which task?", reply_markup=force)
    expect(vera.page.locator("#strip")).to_contain_text("Which task?")
    expect(vera.page.locator("#text")).to_have_attribute("placeholder", "The task's id")


def test_nothing_that_somebody_writes_does_anything(vera: Window, address: str) -> None:
    person = int(vera.from_bot.first.get_attribute("data-chat-id") or 0)
    entities = [{"type": "text_link", "offset": 0, "length": 3, "url": "tg://x"}]
    button = [[{"text": HOSTILE, "callback_data": "x"}]]
    say(address, "sendMessage", chat_id=person, text=HOSTILE, reply_markup={"inline_keyboard": button})
    say(address, "sendMessage", chat_id=person, text="javascript:document.title='hit'", entities=entities)
    vera.page.locator("#text").fill(HOSTILE)
    vera.page.locator("#send").click()
    expect(vera.page.locator(".message", has_text=HOSTILE)).to_have_count(2)
    expect(vera.page.locator("#messages :is(script, img)")).to_have_count(0)
    expect(vera.page.locator("a[href^='javascript']")).to_have_count(0)
    assert "hit" not in vera.page.title()
