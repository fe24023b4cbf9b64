"""A list that comes again, and what is forgotten at a person's word: nothing of it is left in the database."""

from pathlib import Path

from tests.running import rehearsal
from tests.storage.traces import traces
from tests.talking import Talk, talk, words

NUMBER, OTHER = "+79261230001", "+79261230002"
FORMS = ("9261230001", "926 123-00-01")


async def test_a_list_checked_before_is_free_and_a_number_is_forgotten_everywhere(tmp_path: Path) -> None:
    async with rehearsal(tmp_path, settings={"ADMIN_IDS": "5000001"}) as run:
        await run.start()
        anna, boris = Talk(run, run.anna), talk(run)
        await anna.send("first.txt", f"{NUMBER}\n{OTHER}\n")
        result = await anna.checks(await anna.hears("first.txt"))
        await anna.hears("The result is below")

        await anna.send("second.txt", f"8 926 123-00-02\n+7 (926) 123-00-01\n{OTHER}\n")
        await anna.say("/country RU")
        again = await anna.sees(await anna.hears("second.txt"), "Checked here on")
        await anna.press(again, "Result of")
        assert (await anna.result()).data == result.data
        assert len(run.checker.ledger) == 1

        await boris.say(f"{NUMBER}\n+79261230003")
        await boris.hears("Pasted numbers")
        await boris.say(f"/forget {NUMBER}")
        await boris.hears(words("forget-number-admins"))

        await anna.say(f"/forget {NUMBER}")
        await anna.hears(words("forget-number-done", count=3))
        await boris.hears("1 number")
        await anna.hears("1 number")
        assert await run.stop() == 0
        assert [one for one in traces(tmp_path / "bot.db", *FORMS) if not one.startswith("updates")] == []
        assert traces(tmp_path / "bot.db", *FORMS) == []


async def test_a_list_is_forgotten_in_reply_to_it_and_its_message_says_so(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as run:
        await run.start()
        anna = Talk(run, run.anna)
        sent = await anna.send("secret name.txt", f"{NUMBER}\n")
        card = await anna.hears("secret name.txt")
        await anna.checks(card)
        await anna.sees(card, "The result is below")
        await anna.say("/forget", reply_to=sent)
        await anna.hears(words("forget-unreachable"))
        await anna.sees(card, "Forgotten.")
        await anna.say("/jobs")
        await anna.hears("Forgotten list")
        assert await run.stop() == 0
        assert traces(tmp_path / "bot.db", *FORMS) == []
        assert not any("secret name" in str(row) for row in run.rows("SELECT name, shown FROM jobs"))
