"""A team: two people in two windows, a group, a forum, and what may happen to them."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.window import Window

NUMBERS = "".join(f"+7916000{number:04}\n" for number in range(12))
HOSTILE = '<img src=x onerror="document.title=1">.txt'
HALF = re.compile("▓{5}░{5} 50")


@pytest.mark.parametrize("language", ["ru"])
def test_two_people_look_at_the_same_list(sits_down: Open, picture: Callable[[Window, str], None]) -> None:
    anna, boris = sits_down("Анна"), sits_down("Борис", width=900, height=700)
    for window in (anna, boris):
        window.open_chat("Отдел продаж")
    anna.send_sample("Пример списка")
    expect(boris.preview).to_contain_text("база ноябрь.txt · Анна")
    boris.press(re.compile("Проверить 216"))
    alert = boris.page.locator("#alert")
    expect(alert).to_contain_text("Список прислали не вы, а Анна")
    alert.get_by_role("button").click()
    anna.press("Россия")
    anna.controls()
    anna.halt_the_check_at(0.5)
    anna.press(re.compile("Проверить 260"))
    for window in (anna, boris):
        expect(window.preview).to_contain_text(HALF)
    anna.let_it_go_on()
    for window in (anna, boris):
        expect(window.workbook).to_be_visible()
        expect(window.preview).to_contain_text("Результат ниже")
    expect(anna.preview.locator(".text")).to_have_text(boris.preview_says)
    picture(boris, "group")


def test_a_dropped_file_is_checked_by_a_reply_in_its_topic(sits_down: Open) -> None:
    anna, boris = sits_down("Anna"), sits_down("Boris")
    for window in (anna, boris):
        window.open_chat("Campaigns")
        window.open_topic("Autumn")
    boris.drop_file(HOSTILE, NUMBERS)
    sent = anna.message(HOSTILE)
    expect(sent).to_be_visible()
    boris.reply_to(boris.message(HOSTILE))
    boris.command("check")
    expect(boris.message("/check@number_check_bot").locator(".quoted")).to_contain_text(HOSTILE)
    expect(anna.preview).to_contain_text("12 numbers")
    for window in (anna, boris):
        expect(window.page).to_have_title(re.compile("Campaigns"))
        expect(window.page.locator("#messages img")).to_have_count(0)
    anna.open_topic("General")
    expect(anna.page.locator(".message", has_text="12 numbers")).to_have_count(0)
    boris.press("Cancel")
    expect(boris.preview).not_to_contain_text("12 numbers:")
    tab = anna.page.get_by_role("tab", name="Autumn")
    tab.click()
    expect(anna.preview.locator(".text")).to_have_text(boris.preview_says)


@pytest.mark.parametrize("apart", [True])
def test_the_page_goes_on_whatever_the_controls_do(sits_down: Open) -> None:
    anna, boris = sits_down("Anna", width=1300), sits_down("Boris")
    for window in (anna, boris):
        window.open_chat("Sales team")
        expect(window.from_bot).to_have_count(1)
    controls = anna.controls()
    controls.get_by_text("Faults of Telegram").click()
    for fault in ("bad_gateway", "cut_after"):
        controls.locator(f"[data-fault={fault}]").check()
    anna.command("help")
    expect(anna.from_bot).to_have_count(2)
    expect(controls.locator("label", has_text="bad_gateway")).to_contain_text("struck 1×")
    expect(controls.locator("[data-fault=bad_gateway]")).not_to_be_checked()

    status = controls.get_by_label("Telegram Number Check")
    status.select_option("kicked")
    expect(boris.page.locator(".service").last).to_contain_text("Anna removed Telegram Number Check")
    status.select_option("member")
    expect(boris.from_bot).to_have_count(3)
    status.select_option("administrator")
    expect(boris.from_bot).to_have_count(4)

    controls.get_by_role("button", name="Turn into a supergroup").click()
    expect(boris.page.locator(".service").last).to_contain_text("The group became a supergroup")
    expect(boris.page.locator("#title")).to_have_text("Sales team")
    boris.command("help")
    for window in (anna, boris):
        expect(window.from_bot).to_have_count(5)


def test_a_stranger_asks_and_the_admin_lets_them_in(sits_down: Open) -> None:
    anna, oscar = sits_down("Anna"), sits_down("Oscar")
    oscar.page.locator("#start").click()
    expect(oscar.from_bot.first).to_be_visible()
    anna.press("Approve")
    expect(oscar.from_bot.nth(1)).to_be_visible()
