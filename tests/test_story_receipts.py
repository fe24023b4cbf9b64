"""A death after the API's answer: the journal knows what was paid, and what it does not know is asked about."""

from pathlib import Path

from bot.job import Receipt
from bot.receipts import Receipts
from tests.running import rehearsal
from tests.talking import PATIENCE, charges, talk, words

KNOWN, UNKNOWN = "+79254000001", "+79254000002"


async def test_a_paid_task_in_the_journal_goes_on_and_any_other_submit_is_asked_about(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as run:
        await run.start()
        boris, clara = talk(run), talk(run, "Clara")
        run.checker.faults.arm("submit_hang", times=2, seconds=60)
        for person, number in ((boris, KNOWN), (clara, UNKNOWN)):
            await person.say(number)
            await person.press(await person.hears("1 number"), "Check")
        await run.checker.wait_for(lambda checker: len(checker.ledger) >= 2 or None, timeout=PATIENCE)
        await run.kill()
        attempts = run.rows("SELECT attempt_id, token, chat_id FROM attempts JOIN jobs ON jobs.id = attempts.job_id")
        [(attempt_id, token)] = [(attempt, token) for attempt, token, chat in attempts if chat == boris.chat_id]
        [charge] = charges(run, KNOWN)
        # What a process that died between the journal and the database leaves.
        Receipts(tmp_path / "data").append(Receipt(str(attempt_id), str(token), charge.task_id, charge.at))
        await run.start()
        await boris.result()
        await clara.hears(words("unsure-title", name="Pasted numbers"))
        assert await run.stop() == 0

        assert run.telegram.last(boris.chat_id, words("unsure-title", name="Pasted numbers")) is None
        assert clara.results() == []
        assert len(charges(run, KNOWN)) == len(charges(run, UNKNOWN)) == 1
