"""The log of a whole story, in both forms and as talkative as it can be: nothing secret, nobody's number.

Every other story asks the same of its log when it ends (``running.Rehearsal.check``).
"""

import asyncio
import json
import re
from pathlib import Path

import pytest

from tests.running import API_KEY, TOKEN, check_log, endings, rehearsal
from tests.talking import talk, words


async def test_everything_goes_wrong_and_the_log_tells_nothing_it_must_not(tmp_path: Path) -> None:
    folders = {log_format: tmp_path / log_format for log_format in ("text", "json")}
    for folder in folders.values():
        folder.mkdir()
    await asyncio.gather(*(everything_goes_wrong(folder, log_format) for log_format, folder in folders.items()))


async def everything_goes_wrong(tmp_path: Path, log_format: str) -> None:
    settings = {"LOG_FORMAT": log_format, "LOG_LEVEL": "DEBUG"}
    async with rehearsal(tmp_path, settings=settings) as run:
        await run.start()
        telegram, checker = run.telegram.faults, run.checker.faults
        telegram.arm("bad_gateway", method="getUpdates")
        telegram.arm("bad_update", update={"message": {"message_id": "one", "text": "+79290000001"}})
        boris = talk(run)
        await boris.send("79290000002.txt", "+7 929 000-00-02\n8 (929) 000-00-03")
        card = await boris.hears("79290000002.txt")
        telegram.arm("cut_after", method="editMessageText")
        telegram.arm(
            "refuse", method="sendDocument", code=400, description="Bad Request: can't parse entities in +79290000002"
        )
        checker.arm("status_answer", status=500, body={"error": f"no such number +79290000002 for {API_KEY}"})
        checker.arm("result_answer", status=403, body="<html>+79290000002</html>")
        result = await boris.checks(card)
        assert result.document is not None
        clara = talk(run, "Clara")
        checker.arm("submit_answer", status=400, body={"error": "bad number +79290000004 on line 1"})
        await clara.say("+79290000004")
        refused = await clara.hears("1 number")
        await clara.press(refused, "Check")
        await clara.sees(refused, words("final-refused-by-api", name="Pasted numbers"))
        telegram.arm("server_error", method="answerCallbackQuery")
        await clara.press(refused, words("button-open-again"))
        assert await run.stop() == 0

    lines = run.log.splitlines()
    assert len(lines) > 10
    if log_format == "json":
        assert {"time", "level", "logger", "message"} <= set(json.loads(lines[0]))
        assert all(isinstance(json.loads(line), dict) for line in lines)
    else:
        assert all(re.match(r"\d{4}-\d\d-\d\dT[\d:.]+Z [A-Z]+ +[\w.]+: |    ", line) for line in lines)


@pytest.mark.parametrize(
    "leak",
    [
        "sent +79291234567 to the check",
        "sent 8 (929) 123-45-67 to the check",
        "sent [79291234567, 1]",
        "sent ７９２９１２３４５６７",
        f"https://api.telegram.org/bot{TOKEN}/getMe",
        TOKEN.partition(":")[2],
        f"X-API-Key: {API_KEY}",
        "GET /files/result.xlsx?sign=abcdef",
        "Traceback (most recent call last):",
    ],
)
def test_the_question_that_ends_every_story_finds_what_must_not_be_there(leak: str) -> None:
    digits = endings(["call +7 (929) 123-45-67"])
    check_log("job=1 chat=5000001: 9 numbers, 2026-11-23T08:16:14.184Z", digits, ["sign=abcdef"])

    with pytest.raises(AssertionError):
        check_log(f"INFO bot: {leak}", digits, ["sign=abcdef"])
