"""Every card of the bot as a picture, played with the real one: `make screenshots`, not `make test-browser`."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from bot.texts import load_texts
from sandbox.page import SAMPLE
from tests.browser.conftest import sandbox
from tests.browser.stage import Stage, Told, buttons, words

APPROVE_ABOVE = 1000
WIDTH, SCREEN = 360, 740
"""A small phone, without its bars: no card may need more."""
ROOM = 12
COLOURS = 160
MOST_BYTES = 60_000
THEMES = {"en": "light", "ru": "dark"}
COLUMNS = {
    "en": ("Client;City;Phone;Manager’s phone", "Amelia Stone", "London"),
    "ru": ("Клиент;Город;Телефон;Телефон менеджера", "Анна Белова", "Казань"),
}
FILES = {
    "en": ("base nov.txt", "clients.csv", "spring campaign.txt", "webinar.txt"),
    "ru": ("база ноябрь.txt", "клиенты.csv", "весенняя кампания.txt", "вебинар.txt"),
}
PEOPLE = {"en": ("Anna", "Boris", "Vera", "Oscar"), "ru": ("Анна", "Борис", "Вера", "Олег")}
GROUPS = {"en": ("Sales team", "Partners abroad"), "ru": ("Отдел продаж", "Партнёры")}
ALONE = """(row) => {
    const others = document.querySelectorAll("#bottom, #chat > .bar, .row, .day, .service");
    others.forEach((one) => { one.hidden = one !== row; });
    document.getElementById("chat").style.background = "var(--back-a)";
    row.classList.add("first", "last");
    row.style.marginBlock = "20px";
    row.querySelector(".more").style.visibility = "hidden";
}"""
LISTS = {"ru": "+7916000{:04}", "kz": "+7701000{:04}", "uz": "+99890000{:04}", "gb": "+447400123{:03}"}


def numbers(**counts: int) -> str:
    return "".join(f"{LISTS[country].format(at)}\n" for country, count in counts.items() for at in range(count))


@dataclass
class Photographer:
    """Takes one message at a time, as it is now, with what hangs under it."""

    browser: Browser
    stage: Stage
    folder: Path
    language: str

    def take(self, name: str, person: int, message: Told) -> None:
        context = self.browser.new_context(
            viewport={"width": WIDTH, "height": 2 * SCREEN}, device_scale_factor=2, reduced_motion="reduce"
        )
        page = context.new_page()
        chat, number = message["chat"]["id"], message["message_id"]
        theme = THEMES[self.language]
        page.goto(f"{self.stage.address}?person={person}&chat={chat}&theme={theme}&lang={self.language}")
        row = page.locator(".row", has=page.locator(f"[data-message-id='{number}']"))
        expect(row).to_be_visible()
        row.evaluate(ALONE)
        for photo in row.locator(".photo").all():
            expect(photo).not_to_have_js_property("naturalWidth", 0)
        box = row.bounding_box()
        assert box is not None
        path = self.folder / f"{name}-{self.language}.png"
        shot = page.screenshot(clip={"x": 0, "y": box["y"] - ROOM, "width": WIDTH, "height": box["height"] + 2 * ROOM})
        few = Image.open(io.BytesIO(shot)).convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=5)
        few.save(path, optimize=True)
        context.close()
        assert box["height"] <= SCREEN, f"{path} is longer than a phone's screen: {box['height']}"
        assert path.stat().st_size <= MOST_BYTES, f"{path} is too large: {path.stat().st_size}"


@pytest.fixture
def folder(request: pytest.FixtureRequest) -> Path:
    """Where the pictures go; without the option they are only taken."""
    asked: Path | None = request.config.getoption("--pictures")
    found = (asked / "cards") if asked else Path(request.getfixturevalue("tmp_path"))
    found.mkdir(exist_ok=True)
    return found


@pytest.fixture
def stage(language: str) -> Iterator[Stage]:
    with sandbox(language, "--set", f"APPROVE_ABOVE={APPROVE_ABOVE}") as address:
        yield Stage(address)


class Story:
    """One team's lists, told from its first /start on."""

    def __init__(self, stage: Stage, camera: Photographer, language: str) -> None:
        self.stage, self.camera, self.language = stage, camera, language
        self.texts = load_texts()[language]
        self.anna, self.boris, self.vera, self.stranger = map(stage.person, PEOPLE[language])
        self.base, self.clients, self.spring, self.webinar = FILES[language]

    def label(self, sentence: str) -> str:
        """What a button's label begins with, before any number."""
        told = self.texts.plain(sentence, count=9, date="1", number="1", name="1")
        return re.split(r"\d", told)[0].strip()

    def press(self, person: int, message: Told, sentence: str) -> None:
        self.stage.press(person, message, self.label(sentence))

    def shows(self, sentence: str) -> Callable[[Told], bool]:
        label = self.label(sentence)
        return lambda message: any(one["text"].startswith(label) for one in buttons(message))

    def answer_to(self, person: int, sent: int, which: Callable[[Told], bool] = lambda _: True) -> Told:
        return self.stage.hears(
            person, lambda one: one.get("reply_to_message", {}).get("message_id") == sent and which(one), sent
        )

    def take(self, name: str, person: int, message: Told) -> None:
        self.camera.take(name, person, message)

    def first_contact(self) -> None:
        for person in (self.boris, self.vera):
            self.stage.do("sandbox/private_chat", person_id=person)
        which = self.says_after("/language", self.shows("button-english"), self.anna)
        self.press(self.anna, which, "button-english" if self.language == "en" else "button-russian")
        self.take("start", self.vera, self.says_after("/start", self.shows("button-sample")))
        help_card = self.says_after("/help", self.shows("button-help-send"))
        self.take("help", self.vera, help_card)
        self.press(self.vera, help_card, "button-help-cost")
        opened = self.stage.hears(
            self.vera, lambda one: one["message_id"] == help_card["message_id"] and "edit_date" in one
        )
        self.take("help-topic", self.vera, opened)

    def says_after(self, command: str, which: Callable[[Told], bool], person: int = 0, chat: int = 0) -> Told:
        sent = self.stage.writes(person or self.vera, command, chat)
        return self.stage.hears(chat or person or self.vera, which, sent)

    def a_list_is_checked(self) -> Told:
        """From the question for a country to the result and what hangs on it."""
        vera, stage = self.vera, self.stage
        sent = stage.sends(vera, self.base, SAMPLE.read_text(encoding="utf-8"))
        asked = self.answer_to(vera, sent, self.shows("button-leave-out"))
        self.take("country", vera, asked)
        stage.press(vera, asked, "🇷🇺")
        known = self.answer_to(vera, sent, lambda one: not self.shows("button-leave-out")(one))
        stage.fault("task_stalls", at=0.61)
        self.press(vera, known, "button-check")
        going = self.answer_to(vera, sent, lambda one: "▓▓▓▓▓▓░" in words(one))
        self.take("progress", vera, going)
        stage.checks(numbers_per_second=5000, pending_seconds=0.1)
        stage.goes_on()
        result = stage.hears(vera, self.shows("button-picture"), sent)
        self.take("result", vera, result)
        self.press(vera, result, "button-countries")
        self.take("countries", vera, stage.hears(vera, lambda _: True, result["message_id"]))
        self.press(vera, result, "button-picture")
        self.take("picture", vera, stage.hears(vera, lambda one: "photo" in one, result["message_id"]))
        return result

    def it_is_checked_again(self, result: Told) -> None:
        self.stage.checks(share_yes=0.57)
        self.stage.fault("result_unclear", share=0.08, word="yes")
        self.press(self.vera, result, "button-check-again")
        card = self.stage.hears(self.vera, self.shows("button-check-all-again"), result["message_id"])
        self.press(self.vera, card, "button-check-all-again")
        self.take("changed", self.vera, self.stage.hears(self.vera, self.shows("button-newly"), card["message_id"]))

    def a_table_comes(self) -> None:
        vera, stage = self.vera, self.stage
        sent = stage.sends(vera, self.spring, numbers(ru=640, kz=120, uz=80))
        card = self.answer_to(vera, sent, self.shows("button-check"))
        self.press(vera, card, "button-check")
        stage.hears(vera, self.shows("button-picture"), card["message_id"])
        head, name, town = COLUMNS[self.language]
        known = numbers(ru=700, kz=180, uz=80, gb=20).split()
        rows = [f"{name};{town};{number};{'' if at % 3 else '+74950000014'}" for at, number in enumerate(known)]
        sent = stage.sends(vera, self.clients, "\n".join((head, *rows)))
        preview = self.answer_to(vera, sent, self.shows("button-check-new"))
        self.take("preview", vera, preview)
        self.press(vera, preview, "button-other-column")
        self.take("column", vera, self.answer_to(vera, sent, self.shows("button-back")))

    def nobody_knows(self) -> None:
        def balanced(message: Told) -> bool:
            return self.shows("button-send-again")(message) and "$25" in words(message)

        self.stage.checks(balance=25)
        self.stage.fault("submit_cut_after")
        sent = self.stage.sends(self.vera, self.webinar, numbers(kz=400, gb=60))
        card = self.answer_to(self.vera, sent, self.shows("button-check-all"))
        self.press(self.vera, card, "button-check-all")
        self.take("unsure", self.vera, self.stage.hears(self.vera, balanced, card["message_id"]))
        asked = self.stage.hears(self.anna, balanced)
        self.take("unsure-admin", self.anna, asked)

    def the_past(self) -> None:
        card = self.says_after("/jobs", lambda one: self.texts.plain("state-unsure") in words(one))
        self.take("history", self.vera, card)
        self.stage.press(self.vera, card, "4")
        opened = self.stage.hears(self.vera, self.shows("button-forget-list"), card["message_id"] - 1)
        self.take("job", self.vera, opened)
        known = self.says_after("/find +79160000001 +79160000002 +79169999999", lambda one: True)
        self.take("find", self.vera, known)
        self.take("settings", self.vera, self.says_after("/settings", self.shows("button-open-lang")))

    def the_team(self) -> None:
        anna, boris, stage = self.anna, self.boris, self.stage
        group, abroad = GROUPS[self.language]
        sales = stage.chat(group)
        bot = stage.ask("sandbox/state")["bot"]["username"]
        sent = stage.sends(boris, self.base, numbers(ru=1240, kz=90), sales, caption=f"/check@{bot}")
        card = stage.hears(sales, self.shows("button-check"), sent)
        self.press(boris, card, "button-check")
        self.take("approval", anna, stage.hears(anna, self.shows("button-approve")))
        self.take(
            "group",
            boris,
            stage.hears(sales, lambda one: "edit_date" in one and PEOPLE[self.language][1] in words(one), sent),
        )
        settings = self.says_after(f"/settings@{bot}", self.shows("button-open-who"), anna, sales)
        self.take("settings-group", anna, settings)
        stage.do("sandbox/groups", title=abroad, members=[self.stranger, boris], supergroup=True, announce=True)
        self.take("access", anna, stage.hears(anna, self.shows("button-block")))
        self.take("spend", anna, self.says_after("/spend", self.shows("button-spend-file"), anna))
        self.take("who", anna, self.says_after("/access", lambda one: True, anna))


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_card_is_photographed(browser: Browser, stage: Stage, folder: Path, language: str) -> None:
    story = Story(stage, Photographer(browser, stage, folder, language), language)
    story.first_contact()
    result = story.a_list_is_checked()
    story.it_is_checked_again(result)
    story.a_table_comes()
    story.nobody_knows()
    story.the_past()
    story.the_team()
