"""The whole story: a person's list goes in, a checked workbook and a summary come out. Real process, real sockets.

What has to come out is written down here line by line, by hand, and never computed by the bot's own code.
"""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.chats import Message
from tests.running import rehearsal
from tests.talking import Talk, sheet, words

RUSSIA, KAZAKHSTAN, BRITAIN, GERMANY = "Russia", "Kazakhstan", "United Kingdom", "Germany"
WIDE = str.maketrans("0123456789+", "０１２３４５６７８９＋")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@dataclass
class Written:
    """A list as somebody would write it, and beside it what it has to become."""

    lines: list[str] = field(default_factory=list)
    rows: list[tuple[str, str, str]] = field(default_factory=list)
    """Number, country, as sent."""
    rejected: list[tuple[int, str, str]] = field(default_factory=list)
    """Line, text, reason."""
    repeated: int = 0

    def number(self, line: str, e164: str, country: str, as_sent: str | None = None) -> None:
        self.lines.append(line)
        self.rows.append((e164, country, line if as_sent is None else as_sent))

    def again(self, line: str) -> None:
        self.lines.append(line)
        self.repeated += 1

    def no_number(self, line: str, reason: str) -> None:
        self.lines.append(line)
        self.rejected.append((len(self.lines), line, reason))


def mixed_list() -> Written:
    """300 lines: ten times the same thirty kinds of line, with other digits each time."""
    written = Written()
    for tens in range(10):
        n = f"{tens}"
        written.number(f"+7912345{n}001", f"+7912345{n}001", RUSSIA)
        written.number(f"+7 912 345-{n}0-02", f"+7912345{n}002", RUSSIA)
        written.number(f"+7 (912) 345-{n}0-03", f"+7912345{n}003", RUSSIA)
        written.number(f"007912345{n}004", f"+7912345{n}004", RUSSIA)
        written.number(f"+7.912.345.{n}0.05", f"+7912345{n}005", RUSSIA)
        written.number(f"+7\u00a0912\u00a0345\u00a0{n}0\u00a006", f"+7912345{n}006", RUSSIA)
        written.number(f"+7912345{n}007".translate(WIDE), f"+7912345{n}007", RUSSIA)
        written.number("+" + f"7912345{n}008".translate(ARABIC), f"+7912345{n}008", RUSSIA)
        written.number(f"+7 912\u200b345{n}0 09", f"+7912345{n}009", RUSSIA)
        written.number(f"tel:+7912345{n}010", f"+7912345{n}010", RUSSIA, f"+7912345{n}010")
        written.number(f"https://t.me/+7912345{n}011", f"+7912345{n}011", RUSSIA, f"+7912345{n}011")
        written.number(f"call Ann +7 912 345-{n}0-12 after six", f"+7912345{n}012", RUSSIA, f"+7 912 345-{n}0-12")
        written.lines.append(f"+7912345{n}013; +7912345{n}014")
        written.rows += [(f"+7912345{n}{end}", RUSSIA, f"+7912345{n}{end}") for end in ("013", "014")]
        written.lines.append(f"+7912345{n}015,\t+7912345{n}016")
        written.rows += [(f"+7912345{n}{end}", RUSSIA, f"+7912345{n}{end}") for end in ("015", "016")]
        written.number(f"+7 701 345 {n}0 01", f"+7701345{n}001", KAZAKHSTAN)
        written.number(f"+7701345{n}002", f"+7701345{n}002", KAZAKHSTAN)
        written.number(f"+44 7400 12{n}001", f"+44740012{n}001", BRITAIN)
        written.number(f"0044 7400 12{n}002", f"+44740012{n}002", BRITAIN)
        written.number(f"+49 (0)1512 345{n}001", f"+491512345{n}001", GERMANY)
        written.number(f"8 (912) 345-{n}0-17", f"+7912345{n}017", RUSSIA)
        written.number(f"8912345{n}018", f"+7912345{n}018", RUSSIA)
        written.again(f"8-912-345-{n}0-01")
        written.again(f"+7 (912) 345 {n}0 02")
        written.again(f"+4474 0012 {n}001")
        written.no_number(
            ["hello", "=SUM(A)", "n/a", "@anna", "—", "phone", "имя", "no", "none", "?"][tens], "not a phone number"
        )
        written.no_number(f"7.9{n}E+11", "damaged by a spreadsheet")
        written.no_number(f"+7 912 34{n}", "too short, Russia")
        written.no_number(f"+7912345{n}00112", "too long, Russia")
        written.no_number(f"+7 012 345-{n}0-01", "not a valid number, Russia")
        written.no_number(f"+999 123 45{n}001", "no such country code")
    return written


async def test_300_mixed_lines_become_exactly_the_right_rows_for_one_charge(tmp_path: Path) -> None:
    written = mixed_list()
    assert len(written.lines) == 300
    numbers = tuple(number for number, _, _ in written.rows)
    assert len(set(numbers)) == len(numbers) == 230
    settings = {"PRICE_PER_1000": "0.15"}
    async with rehearsal(tmp_path, settings=settings, numbers_per_second=25.0, share_undetermined=0.1) as run:
        await run.start(afresh=True)
        anna = Talk(run, run.anna)
        await anna.say("/start")
        await anna.hears(words("start"))
        sent = await anna.send("base nov.txt", "\r\n".join(written.lines))
        card = await anna.hears("base nov.txt")
        # The national spellings carry no country code: the country is asked, and only what is sure is counted.
        assert words("preview-which-country", count=30) in card.text
        assert card.labels[0] == "Check 210 numbers"
        assert "🇷🇺 Russia" in card.labels
        assert run.checker.ledger == []
        answer = await anna.press(card, "🇷🇺 Russia")
        assert answer.text == words("press-country", country="🇷🇺 Russia")
        await anna.sees(card, "230 numbers: 🇷🇺 180 · 🇬🇧 20 · 🇰🇿 20 · 🇩🇪 10")
        assert "30 repeated · 60 rejected" in card.text
        assert "About $0.03 and less than a minute. Nothing is charged until you press." in card.text
        assert run.checker.ledger == []
        result = await anna.checks(card)

        assert [charge.numbers for charge in run.checker.ledger] == [numbers]
        check_workbook(written, result, run.checker.verdict_of)
        yes = [number for number in numbers if run.checker.verdict_of(number) == "yes"]
        no = [number for number in numbers if run.checker.verdict_of(number) == "no"]
        undetermined = [number for number in numbers if run.checker.verdict_of(number) == "undetermined"]
        assert min(len(yes), len(no), len(undetermined)) > 10
        check_summary(result, len(yes), len(no), len(undetermined))
        assert [one.message_id for one in (card.reply_to, result.reply_to) if one] == [sent, sent]
        await anna.sees(card, f"base nov.txt: {len(yes)} of 230 are on Telegram. The result is below.")
        assert card.labels == []
        check_that_it_moved(card)

        await anna.press(result, "Only yes")
        assert (await anna.result()).data == lines_of(yes)
        await anna.press(result, "Undetermined")
        assert (await anna.result()).data == lines_of(undetermined)
        await check_only_no(written, anna, result, no)
        await check_overviews(anna, result)
        assert len(run.checker.ledger) == 1
        assert await run.stop() == 0
        assert run.telegram.refused == []
        assert run.checker.refused == []
        assert run.checker.leaks == []


def check_workbook(written: Written, result: Message, verdict_of: Callable[[str], str]) -> None:
    rows = sheet(result)
    assert rows[0] == ("Number", "telegram", "Country", "As sent", "Checked on")
    assert [(row[0], row[2], row[3]) for row in rows[1:]] == written.rows
    assert [row[1] for row in rows[1:]] == [verdict_of(number) for number, _, _ in written.rows]
    rejected = sheet(result, "Rejected")
    assert rejected[0] == ("Line", "Text", "Reason")
    assert rejected[1:] == written.rejected


def check_summary(result: Message, yes: int, no: int, undetermined: int) -> None:
    shares = [f"{100 * count / 230:.1f}\u00a0%" for count in (yes, no, undetermined)]
    first, second, third, origin, *rest = result.text.splitlines()
    assert first == f"{yes} of 230 are on Telegram · {shares[0]}"
    assert second == f"No: {no} · {shares[1]}"
    assert third == f"Undetermined: {undetermined} · {shares[2]}"
    assert re.fullmatch(r"base nov\.txt · \w{3} \d{1,2}, \d{4}", origin)
    assert rest == ["230 sent · 30 repeated · 60 rejected · less than a minute · $0.03"]
    assert result.labels[:6] == [
        *(f"Only yes · {yes}", f"Only no · {no}", f"Undetermined · {undetermined}"),
        *("Countries", "Picture", "Copy totals"),
    ]
    assert result.labels[6].startswith("Check undetermined · ")
    assert result.labels[7:] == ["Check all again"]
    assert result.document is not None
    assert re.fullmatch(r"base_nov_checked_\d{4}-\d\d-\d\d\.xlsx", result.document["file_name"])
    counts = {row[0]: row[1] for row in sheet(result, "Summary")}
    assert counts["On Telegram (yes)"] == yes
    assert counts["Not on Telegram (no)"] == no
    assert counts["Undetermined"] == undetermined
    assert counts["Repeated"] == 30
    assert counts["Rejected"] == 60


async def check_only_no(written: Written, anna: Talk, result: Message, no: list[str]) -> None:
    """One part in all three formats, each by a button under the one before."""
    heads = ("Number", "telegram", "Country", "As sent")
    rows = [(number, "no", country, as_sent) for number, country, as_sent in written.rows if number in no]
    await anna.press(result, "Only no")
    plain = await anna.result()
    assert (plain.data, plain.labels) == (lines_of(no), [".xlsx", ".csv"])
    await anna.press(plain, ".xlsx")
    workbook = await anna.result()
    assert sheet(workbook) == [heads, *rows]
    await anna.press(workbook, ".csv")
    table = await anna.result()
    read = list(csv.reader(io.StringIO((table.data or b"").decode("utf-8-sig"), newline="")))
    assert read[0] == list(heads)
    assert [row[:3] for row in read[1:]] == [list(row[:3]) for row in rows]
    assert [row[3].removeprefix("'") for row in read[1:]] == [row[3] for row in rows]
    assert not [row for row in read[1:] if row[3].startswith("+") and not row[3][1:].isdecimal()]


async def check_overviews(anna: Talk, result: Message) -> None:
    await anna.press(result, "Countries")
    table = await anna.hears("numbers by country")
    assert "🇷🇺 Russia" in table.text
    assert [row[:2] for row in sheet(result, "Countries")] == [
        ("Country", "Numbers"),
        *((RUSSIA, 180), (BRITAIN, 20), (KAZAKHSTAN, 20), (GERMANY, 10)),
    ]
    await anna.press(result, "Picture")
    picture = await anna.hears("\u00a0% on Telegram")
    assert picture.content["photo"][-1]["width"] <= 1280
    assert (picture.data or b"").startswith(b"\x89PNG")


def check_that_it_moved(card: Message) -> None:
    """The one message was preview, progress at more than one point, and the final line."""
    texts = card.texts()
    bars = [text for text in texts if "▓" in text or "░" in text]
    assert len(bars) >= 2
    assert all(words("progress-note") in text for text in bars)
    assert "Nothing is charged until you press." in texts[0]
    assert texts[-1].endswith("The result is below.")


def lines_of(numbers: list[str]) -> bytes:
    return "".join(f"{number}\n" for number in numbers).encode()
