"""The same job against servers that share nothing with the sandbox: nothing of its extras is relied on."""

from pathlib import Path

from tests.plain_checker import PlainChecker
from tests.plain_telegram import PlainTelegram
from tests.running import API_KEY, TOKEN, check_log, endings, rehearsal
from tests.talking import sheet_of


async def test_the_whole_job_against_the_plainest_servers(tmp_path: Path) -> None:
    lines = ["+7 928 100-00-01", "+79281000002", "hello", "+7 (928) 100 00 03", "+79281000001", "+44 7400 310004"]
    numbers = ["+79281000001", "+79281000002", "+79281000003", "+447400310004"]
    only_yes = b"+79281000002\n+447400310004\n"
    async with (
        PlainTelegram(TOKEN) as telegram,
        PlainChecker(API_KEY) as checker,
        rehearsal(tmp_path, settings={"TELEGRAM_API_URL": telegram.url, "CHECKER_API_URL": checker.url}) as run,
    ):
        run.process = await run.spawn()
        await telegram.write("/start")
        await telegram.hears("Telegram account")
        await telegram.send("plain list.txt", "\n".join(lines).encode())
        card = await telegram.hears("plain list.txt")
        assert "<b>4</b> numbers" in telegram.said[card]["text"]
        assert checker.lists == []
        await telegram.press(card, "Check 4 numbers")
        result = await telegram.hears("2 of 4 are on Telegram · 50.0")
        await telegram.until(lambda: "2 of 4 are on Telegram" in telegram.said[card]["text"])
        await telegram.press(result, "Only yes · 2")
        await telegram.until(lambda: any(one.get("data") == only_yes for one in telegram.said.values()))
        assert await run.stop() == 0

    assert checker.lists == [numbers]
    assert not checker.leaked
    rows = sheet_of(telegram.said[result]["data"], "Result")
    assert [(row[0], row[1], row[3]) for row in rows[1:]] == [
        ("+79281000001", "no", lines[0]),
        ("+79281000002", "yes", lines[1]),
        ("+79281000003", "no", lines[3]),
        ("+447400310004", "yes", lines[5]),
    ]
    assert sheet_of(telegram.said[result]["data"], "Rejected")[1:] == [(3, "hello", "not a phone number")]
    check_log(run.log, endings(lines), ["signature-that-must-not-be-logged"])
