"""Mistyped commands are answered where they are meant for us; the numbers after one are not lost."""

from typing import Any

import pytest

from tests.fakes import ANNA, BORIS, NAME, OURSELVES, TEAM, Stage

NUMBER = "+79123456789"


def in_group(text: str, **more: Any) -> dict[str, Any]:
    word = text.split(maxsplit=1)[0]
    return {
        "text": text,
        "chat": TEAM,
        "entities": [{"type": "bot_command", "offset": 0, "length": len(word)}],
        **more,
    }


async def handed_in(team: Stage, message: dict[str, Any]) -> str:
    """Give the text of the list that a message has become."""
    (text,) = await team.texts_of(await team.job_of(message))
    return text.strip()


@pytest.mark.parametrize("said", ["/foo", "/chekc", "/Jobss base", "/помощь", "/foo@other_bot"])
async def test_in_private_an_unknown_command_is_named_and_help_is_pointed_at(team: Stage, said: str) -> None:
    message = await team.says(said)

    assert team.said == [f"There is no command <code>{said.split(maxsplit=1)[0]}</code>. /help says what I can do."]
    assert not await team.has_job(message)


async def test_in_russian_it_says_the_same(team: Stage) -> None:
    await team.says("/foo", person=BORIS)

    assert team.said == ["Команды <code>/foo</code> нет. Что я умею: /help"]


@pytest.mark.parametrize("said", [f"/chekc {NUMBER}", f"/chekc\n{NUMBER}", f"/chekc@other_bot {NUMBER}"])
async def test_in_private_the_numbers_after_a_mistyped_command_are_a_list(team: Stage, said: str) -> None:
    assert await handed_in(team, await team.says(said)) == NUMBER
    assert team.said == []


@pytest.mark.parametrize("said", [f"/check,{NUMBER}", f"/{NUMBER}", f"/ {NUMBER}"])
async def test_a_slash_before_numbers_does_no_harm(team: Stage, said: str) -> None:
    assert (await handed_in(team, await team.says(said))).strip(",/ ") == NUMBER


async def test_what_looks_like_html_or_a_number_is_shown_as_it_may_be(team: Stage) -> None:
    await team.says("/foo<b>x</b>")
    await team.says("/n79123456789")

    assert team.said[0].startswith("There is no command <code>/foo&lt;b&gt;x&lt;/b&gt;</code>.")
    assert "9123456789" not in team.said[1]


async def test_in_a_group_one_that_names_us_is_answered(team: Stage) -> None:
    await team.says(**in_group(f"/foo@{NAME.upper()}"))

    (said,) = team.said
    assert said.endswith(f". /help@{NAME} says what I can do.")


async def test_in_a_group_numbers_after_one_that_names_us_are_a_list(team: Stage) -> None:
    message = team.message(**in_group(f"/chekc@{NAME} {NUMBER}"))
    await team.feed("message", message)

    assert await handed_in(team, message) == NUMBER


@pytest.mark.parametrize("said", ["/foo", "/foo@other_bot", "/check@other_bot", f"/foo {NUMBER}", "/find@other_bot 1"])
async def test_in_a_group_those_of_others_stay_unanswered_also_in_reply_to_us(team: Stage, said: str) -> None:
    ours = team.message("our card", person=OURSELVES, chat=TEAM)
    message = team.message(**in_group(said, reply_to_message=ours))
    await team.feed("message", message)
    await team.feed("edited_message", message | {"text": f"{said} {NUMBER}", "edit_date": message["date"] + 1})

    assert team.said == []
    assert not await team.has_job(message)


async def test_an_edit_that_mends_the_command_changes_nothing_of_the_list(team: Stage) -> None:
    message = await team.says(f"/chekc {NUMBER}")
    job = await team.read(await team.job_of(message))
    await team.feed("edited_message", message | {"text": f"/check {NUMBER}", "edit_date": message["date"] + 1})

    assert (await team.now(job)).list_revision == job.list_revision
    assert len(await team.jobs.unfinished(ANNA["id"])) == 1


async def test_an_edited_question_about_a_number_is_no_list(team: Stage) -> None:
    message = await team.says("/find 1")
    await team.feed("edited_message", message | {"text": f"/find {NUMBER}", "edit_date": message["date"] + 1})

    assert not await team.has_job(message)
