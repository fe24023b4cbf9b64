"""A newcomer, alone with the bot."""

import io
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.window import Window


@pytest.mark.parametrize("apart", [True])
def test_a_newcomer_has_a_list_checked_by_clicks(sits_down: Open, picture: Callable[[Window, str], None]) -> None:
    anna = sits_down(width=1300)
    expect(anna.page.locator("#about")).to_contain_text("What can this bot do?")
    anna.start()
    anna.send_sample()
    expect(anna.preview).to_contain_text("44 numbers have no country code. Which country?")
    quote = anna.preview.get_by_role("button", name="Show all")
    quote.click()
    expect(anna.preview.get_by_role("button", name="Show less")).to_have_attribute("aria-expanded", "true")
    anna.press("Russia")
    anna.toast("Read as 🇷🇺 Russia.")
    anna.controls()
    anna.halt_the_check_at(0.3)
    anna.press("Check 260 numbers")
    expect(anna.preview).to_contain_text("▓▓▓░░░░░░░ 30")
    anna.halt_the_check_at(0.6)
    anna.let_it_go_on()
    expect(anna.preview).to_contain_text("▓▓▓▓▓▓░░░░ 60")
    anna.let_it_go_on()
    anna.page.keyboard.press("Escape")
    expect(anna.preview).to_contain_text("The result is below")
    expect(anna.preview).to_contain_text("edited")

    with anna.page.expect_download() as download:
        anna.workbook.click()
    assert re.fullmatch(r"base_nov_checked_\d{4}-\d\d-\d\d\.xlsx", download.value.suggested_filename)
    sheet = load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))["Result"]
    verdicts = Counter(str(row[1]) for row in sheet.iter_rows(min_row=2, values_only=True))
    summary = anna.message("are on Telegram ·").inner_text()
    assert f"{verdicts['yes']} of 260 are on Telegram" in summary
    assert f"No: {verdicts['no']} " in summary
    assert f"Undetermined: {verdicts['undetermined']} " in summary

    anna.page.set_viewport_size({"width": 900, "height": 700})
    picture(anna, "private")
    anna.press("Copy totals")
    anna.toast("Copied")
    assert f"{verdicts['yes']}" in anna.clipboard()
    anna.press(re.compile("Only yes"))
    expect(anna.page.locator("a.document[download$='.txt']").last).to_contain_text("base_nov_yes")
    anna.page.emulate_media(color_scheme="dark")
    anna.page.set_viewport_size({"width": 360, "height": 780})
    picture(anna, "phone")


def test_nothing_stands_out_of_a_phone(sits_down: Open) -> None:
    boris = sits_down("Boris", width=360, height=700)
    assert boris.overflowing() == []
    boris.open_chat("Telegram Number Check")
    assert boris.overflowing() == []
    boris.start()
    boris.send_sample()
    expect(boris.preview).to_contain_text("Which country?")
    assert boris.overflowing() == []
    boris.page.locator("#attach").click()
    assert boris.overflowing() == []
    boris.page.keyboard.press("Escape")
    controls = boris.controls()
    expect(controls).to_contain_text("Numbers a second")
    controls.get_by_text("Faults of the checking API").click()
    assert boris.overflowing() == []
    boris.page.keyboard.press("Escape")
    boris.page.locator("#back").click()
    expect(boris.page.locator("#list")).to_be_visible()
    assert boris.overflowing() == []
    boris.open_chat("Campaigns")
    expect(boris.page.locator("#topics")).to_be_visible()
    assert boris.overflowing() == []


def test_the_page_is_dark_or_light_as_the_system_is_until_somebody_chooses(sits_down: Open) -> None:
    anna = sits_down(color_scheme="dark")
    body, light, dark = anna.page.locator("body"), "rgb(255, 255, 255)", "rgb(23, 33, 43)"
    expect(body).to_have_css("background-color", dark)
    anna.page.emulate_media(color_scheme="light")
    expect(body).to_have_css("background-color", light)
    anna.page.locator("#theme").click()
    expect(body).to_have_css("background-color", dark)
    anna.page.reload()
    expect(body).to_have_css("background-color", dark)
    anna.page.locator("#theme").click()
    expect(body).to_have_css("background-color", light)


@pytest.mark.parametrize("language", ["ru"])
def test_the_page_speaks_as_the_person_does(sits_down: Open) -> None:
    vera = sits_down("Вера")
    expect(vera.page.locator("#start")).to_have_text("СТАРТ")
    vera.start()
    expect(vera.from_bot).to_contain_text("Telegram")
    vera.page.get_by_role("button", name="EN", exact=True).click()
    expect(vera.page.locator("#text")).to_have_attribute("placeholder", "Message")
    vera.command("help")
    expect(vera.page.locator("#title")).to_have_text("Telegram Number Check")
