"""What a person does with the page, by clicks, and what they see of it."""

import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

PATIENCE_MS = 40_000
"""A machine that is busy with something else makes a test slow, not wrong."""
DROP = """([name, text]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], name, { type: "text/plain" }));
    for (const kind of ["dragenter", "dragover", "drop"]) {
        const target = document.getElementById("chat");
        target.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: transfer }));
    }
}"""
WIDER = """() => [...document.querySelectorAll("body *")].filter((one) => {
    const box = one.getBoundingClientRect();
    const hidden = !one.checkVisibility() || getComputedStyle(one).pointerEvents === "none" || one.closest("#topics");
    return !hidden && box.width > 0 && (box.right > innerWidth + 1 || box.left < -1);
}).map((one) => `${one.tagName} ${one.className} ${one.textContent.slice(0, 40)}`)"""


@dataclass
class Window:
    """One person's window; places in it by what they are."""

    page: Page

    def be(self, name: str) -> None:
        expect(self.page.locator("#title")).not_to_be_empty()
        if not self.page.locator("#me").is_visible():  # a phone shows either the chats or one of them
            self.page.locator("#back").click()
        self.page.locator("#me").click()
        self.page.get_by_role("menuitem", name=name, exact=True).click()
        expect(self.page.locator("#me")).to_contain_text(name)

    def open_chat(self, title: str) -> None:
        self.page.locator(".chat-line", has=self.page.locator("b", has_text=title)).click()
        expect(self.page.locator("#title")).to_have_text(title)

    def open_topic(self, name: str) -> None:
        self.page.get_by_role("tab", name=name).click()
        expect(self.page.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")

    def start(self) -> None:
        self.page.locator("#start").click()
        expect(self.from_bot.first).to_be_visible()

    def send_sample(self, label: str = "Sample list") -> None:
        self.page.locator("#attach").click()
        self.page.get_by_role("menuitem", name=label).click()

    def drop_file(self, name: str, text: str) -> None:
        self.page.evaluate(DROP, [name, text])
        self.page.locator("#sending button[value=send]").click()

    def command(self, name: str) -> None:
        self.page.locator("#menu-button").click()
        self.page.get_by_role("menuitem", name=f"/{name}").click()

    def reply_to(self, message: Locator) -> None:
        message.hover()
        message.locator("xpath=..").locator(".more").click()
        self.page.get_by_role("menuitem").first.click()
        expect(self.page.locator("#strip")).to_be_visible()

    def press(self, label: str | re.Pattern[str]) -> None:
        self.key(label).click()

    def key(self, label: str | re.Pattern[str]) -> Locator:
        return self.page.locator(".key", has_text=label).last

    def message(self, text: str | re.Pattern[str]) -> Locator:
        return self.page.locator(".message", has_text=text).last

    @property
    def from_bot(self) -> Locator:
        return self.page.locator(".from-bot .message")

    @property
    def preview(self) -> Locator:
        """The one message of a list: preview, then progress, then last line."""
        return self.from_bot.filter(has=self.page.locator(".quoted")).first

    @property
    def preview_says(self) -> str:
        return self.preview.locator(".text").text_content() or ""

    @property
    def workbook(self) -> Locator:
        return self.page.locator("a.document[download$='.xlsx']").last

    def toast(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.locator("#toast.shown")).to_contain_text(text)

    def controls(self) -> Locator:
        self.page.locator("#controls-button").click()
        return self.page.locator("#controls")

    def halt_the_check_at(self, share: float) -> None:
        """Let the check stand still there, so that no look at it is too late. The controls have to be open."""
        faults = self.page.locator("#c-check-fold")
        if faults.get_attribute("open") is None:
            faults.locator("summary").click()
        self.page.locator("#c-options").fill(f'{{"at": {share}}}')
        self.page.locator("[data-fault=task_stalls]").check()

    def let_it_go_on(self) -> None:
        self.page.locator("#c-standing button").click()

    def clipboard(self) -> str:
        return str(self.page.evaluate("navigator.clipboard.readText()"))

    def overflowing(self) -> list[Any]:
        """What stands out of the window to the left or right."""
        found: list[Any] = self.page.evaluate(WIDER)
        return found
