"""Hundreds of forged presses through the real dispatcher: each is answered, and none changes a list or spends money."""

import asyncio
import shutil
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards import Action
from tests.bot.hostile import examples
from tests.fakes import ANNA, BORIS, EVE, OTHERS, TEAM, Stage, stage

LEGITIMATE = {Action.LANGUAGE, Action.COUNTRY}
"""They carry no token: whoever may use the bot may press them anywhere."""
ACTIONS = st.sampled_from(sorted(set(Action) - LEGITIMATE))
WORDS = st.sampled_from(("", "0", "1", "2", "-1", "1" * 9, "1" * 12, "RU", "xx", "٣", "true", "1 OR 1=1"))
STRANGE = st.sampled_from(("tokentokentoken1", "", "%", "' OR 1=1 --", "\0", "токен")) | st.text(max_size=20)
FORGED = st.builds(lambda action, token, word: f"{action}:{token}:{word}", ACTIONS, STRANGE, WORDS) | st.text(
    max_size=64
)


async def rows(team: Stage) -> list[Any]:
    """Everything that a press could change."""
    async with team.database.read() as connection:
        return [
            (await connection.exec_driver_sql(question)).fetchall()
            for question in ("SELECT * FROM jobs", "SELECT * FROM attempts", "SELECT * FROM job_messages")
        ]


def test_no_forged_press_changes_a_list(tmp_path: Path, fresh_database: Path) -> None:
    shutil.copy(fresh_database, tmp_path / "bot.db")
    with asyncio.Runner() as runner:
        opening = stage(tmp_path)
        team = runner.run(opening.__aenter__())
        try:
            unsure = runner.run(_unsure(team))
            job = runner.run(team.preview("/check +79123456789", chat=TEAM))
            before = runner.run(rows(team))
            tokens = st.sampled_from((job.token, unsure.token))
            true = st.builds(lambda action, token, word: f"{action}:{token}:{word}", ACTIONS, tokens, WORDS)

            @given(FORGED)
            @settings(max_examples=examples(300))
            def what_no_button_of_ours_carries(data: str) -> None:
                if data.partition(":")[0] not in LEGITIMATE:
                    assert runner.run(team.presses(data, chat=TEAM)) is not None
                assert runner.run(rows(team)) == before

            @given(true, st.sampled_from(((EVE, OTHERS), (EVE, None), (ANNA, None), (BORIS, None))))
            @settings(max_examples=examples(200))
            def what_another_chat_or_a_stranger_presses(data: str, who: tuple[dict[str, Any], Any]) -> None:
                person, chat = who
                assert runner.run(team.presses(data, person=person, chat=chat)) is not None
                assert runner.run(rows(team)) == before

            @given(true)
            @settings(max_examples=examples(200))
            def what_a_colleague_presses(data: str) -> None:
                assert runner.run(team.presses(data, person=BORIS, chat=TEAM)) is not None
                assert runner.run(rows(team)) == before

            what_no_button_of_ours_carries()
            what_another_chat_or_a_stranger_presses()
            what_a_colleague_presses()
        finally:
            runner.run(opening.__aexit__(None, None, None))


async def _unsure(team: Stage) -> Any:
    """A list of which nobody knows whether it was charged: a press could pay a second time."""
    job = await team.preview("/check +79051234567", chat=TEAM)
    pressed = await team.moves.press(job, job.read_revision, ANNA["id"], 1_790_000_000)
    assert pressed is not None
    attempt = await team.submits.begin_submit(pressed, 1_790_000_000)
    assert attempt is not None
    return await team.submits.unsure(attempt, "it broke", 1_790_000_000)
