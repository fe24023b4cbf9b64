from typing import Any

import pytest

from bot.job import Asks, Beginning, Failure, JobState
from bot.preview import name_of
from bot.summary import document as file_of
from bot.texts import load_texts
from storage.beginnings import Beginnings
from storage.lists import StoredResult
from tests.fakes import ADMIN, ANNA, BORIS, NOW, TEAM, Stage, document, private

TOPIC = {"message_thread_id": 7, "is_topic_message": True}


async def test_a_file_becomes_a_job_that_is_read_at_once(team: Stage) -> None:
    job = await team.job_of(await team.sends("base nov.txt"))

    assert (job.state, job.name, job.starter_name, job.language) == (JobState.READING, "base nov.txt", "Anna", "en")
    assert (job.chat_id, job.thread_id) == (ANNA["id"], None)
    (message,) = await team.lists.messages(job.id)
    assert (message.file_id, message.file_size, message.content) == ("file-1", 1000, None)
    assert team.woken
    assert team.said == []


async def test_a_file_without_a_name_is_a_list_all_the_same(team: Stage) -> None:
    job = await team.job_of(await team.says(document={"file_id": "f", "file_unique_id": "u"}))

    assert job.name == "list.txt"


async def test_pasted_numbers_become_a_job_in_the_persons_language(team: Stage) -> None:
    job = await team.job_of(await team.says("8 (912) 345-67-89", person=BORIS))

    assert (job.name, job.language) == (None, "ru")
    assert await team.texts_of(job) == ["8 (912) 345-67-89"]


async def test_what_is_pasted_within_three_seconds_is_one_list(team: Stage) -> None:
    parts = [await team.says(f"+7912345678{at}", date=NOW + 3 * at) for at in range(4)]

    jobs = {(await team.job_of(part)).id for part in parts}
    assert len(jobs) == 1
    job = await team.job_of(parts[0])
    assert len(await team.texts_of(job)) == 4
    assert job.list_message_id == parts[0]["message_id"]


async def test_it_joins_also_when_the_preview_is_there_already(team: Stage) -> None:
    job = await team.preview("+79123456789")
    await team.says("+79123456780", date=NOW + 2)

    now = await team.now(job)
    assert (now.list_revision, now.read_revision) == (2, 1)


async def test_what_is_pasted_later_is_another_job(team: Stage) -> None:
    first, second = await team.says("+79123456789"), await team.says("+79123456780", date=NOW + 4)

    assert (await team.job_of(first)).id != (await team.job_of(second)).id


async def test_what_is_pasted_after_the_press_is_another_job(team: Stage) -> None:
    job = await team.preview()
    await team.presses(f"check:{job.token}:1")

    assert (await team.job_of(await team.says("+79990000001"))).id != job.id


async def test_what_somebody_else_pastes_or_in_another_topic_is_another_job(team: Stage) -> None:
    mine = await team.says("/check +79123456789", chat=TEAM)
    his = await team.says("/check +79123456780", chat=TEAM, person=BORIS)
    elsewhere = await team.says("/check +79123456781", chat=TEAM, **TOPIC)
    in_private = await team.says("+79123456782")

    jobs = [await team.job_of(message) for message in (mine, his, elsewhere, in_private)]
    assert len({job.id for job in jobs}) == 4
    assert jobs[2].thread_id == 7


async def test_the_thread_of_an_ordinary_reply_is_no_topic(team: Stage) -> None:
    assert (await team.job_of(await team.says("/check +79123456789", chat=TEAM, message_thread_id=5))).thread_id is None


async def test_every_file_of_an_album_is_a_job_of_its_own(team: Stage) -> None:
    files = [await team.sends(name, media_group_id="album") for name in ("a.txt", "b.txt", "c.txt")]

    assert [(await team.job_of(file)).name for file in files] == ["a.txt", "b.txt", "c.txt"]


async def test_a_paste_does_not_join_a_file(team: Stage) -> None:
    file, paste = await team.sends(), await team.says("+79123456789")

    assert (await team.job_of(file)).id != (await team.job_of(paste)).id


async def test_all_pieces_of_a_long_paste_join_the_file_that_they_are_added_to(team: Stage) -> None:
    file = await team.sends()
    job = await team.read(await team.job_of(file))
    await team.presses(f"add:{job.token}:")
    parts = [await team.says(f"+7912345678{at}", date=NOW + 60 + at) for at in range(4)]
    later = await team.says("+79990000001", date=NOW + 70)

    assert {(await team.job_of(part)).id for part in parts} == {job.id}
    assert (await team.job_of(later)).id != job.id
    assert (await team.now(job)).list_revision == 5


async def test_all_that_an_admin_pastes_joins_the_list_of_somebody_else_that_they_add_to(team: Stage) -> None:
    job = await team.read(await team.job_of(await team.sends(caption="/check", chat=TEAM)))
    await team.presses(f"add:{job.token}:", person=ADMIN, chat=TEAM)
    parts = [await team.says(f"/check +7912345678{at}", date=NOW + 60 + at, person=ADMIN, chat=TEAM) for at in range(3)]
    his = await team.says("/check +79990000001", date=NOW + 62, person=BORIS, chat=TEAM)

    assert {(await team.job_of(part)).id for part in parts} == {job.id}
    assert (await team.job_of(his)).id != job.id


@pytest.mark.parametrize("kind", ["text", "file"])
async def test_handling_the_same_message_twice_changes_nothing(team: Stage, kind: str) -> None:
    message = await (team.says("+79123456789") if kind == "text" else team.sends())
    before = await team.job_of(message)

    await team.feed("message", message)

    after = await team.job_of(message)
    assert (after.id, after.list_revision) == (before.id, before.list_revision)
    assert len(await team.lists.messages(after.id)) == 1
    assert len(await team.jobs.unfinished(ANNA["id"])) == 1


async def test_a_reply_to_the_preview_by_its_starter_joins_the_list_however_late(team: Stage) -> None:
    job = await team.preview()
    preview = team.message("card") | {"message_id": 5000}
    joined = await team.says("+79990000001", date=NOW + 500, reply_to_message=preview)
    foreign = await team.says("+79990000002", date=NOW + 500, reply_to_message=preview | {"chat": TEAM}, chat=TEAM)

    assert (await team.job_of(joined)).id == job.id
    assert (await team.job_of(foreign)).id != job.id


async def test_a_reply_to_the_preview_by_somebody_else_is_their_own_list(team: Stage) -> None:
    job = await team.preview("/check +79123456789", chat=TEAM)
    preview = team.message("card", chat=TEAM) | {"message_id": 5000}
    his = await team.says("+79990000001", chat=TEAM, person=BORIS, reply_to_message=preview)

    assert (await team.job_of(his)).id != job.id


def edited(message: dict[str, object], text: str | None = None, after: int = 60, **more: object) -> dict[str, object]:
    changed = dict(message) | {"edit_date": NOW + after} | more
    return changed if text is None else changed | {"text": text}


async def test_an_edit_before_the_press_is_read_again(team: Stage) -> None:
    message = await team.says("+79123456789")
    job = await team.read(await team.job_of(message))
    await team.feed("edited_message", edited(message, "+79123456780"))
    await team.feed("edited_message", edited(message, "late news of an older edit", after=30))

    assert await team.texts_of(job) == ["+79123456780"]
    now = await team.now(job)
    assert (now.list_revision, now.read_revision) == (2, 1)
    assert team.said == []


async def test_an_edit_that_leaves_no_number_is_read_again_too(team: Stage) -> None:
    message = await team.says("+79123456789")
    job = await team.read(await team.job_of(message))
    await team.feed("edited_message", edited(message, "oops, wrong chat"))

    assert await team.texts_of(job) == ["oops, wrong chat"]


async def test_an_edit_of_numbers_after_a_command_is_read_again(team: Stage) -> None:
    message = await team.says("/check +79123456789")
    job = await team.job_of(message)
    await team.feed("edited_message", edited(message, "/check +79123456780"))

    assert await team.texts_of(job) == [" +79123456780"]


async def test_a_replaced_file_is_fetched_again(team: Stage) -> None:
    message = await team.sends()
    job = await team.job_of(message)
    await team.feed("edited_message", edited(message, document=document(file_id="file-2")))

    assert [one.file_id for one in await team.lists.messages(job.id)] == ["file-2"]


async def test_an_edit_after_the_press_is_answered_and_changes_nothing(team: Stage) -> None:
    message = await team.says("+79123456789")
    job = await team.read(await team.job_of(message))
    await team.presses(f"check:{job.token}:1")
    await team.feed("edited_message", edited(message, "+79123456780"))

    assert team.said == ["That list went to the check as it was before your change. Send the new one as a new message."]
    assert await team.texts_of(job) == ["+79123456789"]
    assert await team.state(job) is JobState.QUEUED


async def test_an_edit_after_the_end_of_a_check_is_answered(team: Stage) -> None:
    message = await team.says("+79123456789")
    job = await team.read(await team.job_of(message))
    await team.presses(f"check:{job.token}:1")
    attempt = await team.submits.begin_submit(job, 1.0)
    assert attempt is not None
    checking = await team.submits.accepted(attempt, "task", None, 2.0, 3.0)
    assert checking is not None
    stored = await team.tasks.keep_result(checking, StoredResult(None, None, b"raw"), None, 3.0)
    assert stored is not None
    await team.tasks.delivered(stored, 4.0)
    await team.feed("edited_message", edited(message, "+79123456780"))

    assert len(team.said) == 1
    assert await team.state(job) is JobState.DONE


@pytest.mark.parametrize("failure", [Failure.EMPTY, Failure.NO_NUMBERS, Failure.NOT_TEXT])
async def test_an_edit_of_a_refused_list_opens_a_new_job_once(team: Stage, failure: Failure) -> None:
    message = await team.says("12345")
    job = await team.job_of(message)
    await team.moves.refuse_list(job, failure, None, 1.0)
    for _ in range(2):  # an update may be handled twice
        await team.feed("edited_message", edited(message, "+79123456789"))

    again = await team.job_of(message)
    assert again.id != job.id
    assert again.state is JobState.READING
    assert await team.texts_of(again) == ["+79123456789"]
    assert await team.state(job) is JobState.REFUSED


async def test_an_edit_of_a_cancelled_list_opens_it_again_with_the_change(team: Stage) -> None:
    first = await team.says("+79123456789")
    await team.says("+79123456780", date=NOW + 1)
    job = await team.job_of(first)
    await team.read(job)
    await team.presses(f"cancel:{job.token}:")
    await team.feed("edited_message", edited(first, "+79123456781"))

    again = await team.job_of(first)
    assert again.id != job.id
    assert await team.texts_of(again) == ["+79123456781", "+79123456780"]


async def test_an_edit_of_a_message_that_was_no_list_makes_it_one(team: Stage) -> None:
    message = await team.says("the numbers of Ann:")
    await team.feed("edited_message", edited(message, "Ann: +79123456789"))
    talk = await team.says("hello")
    await team.feed("edited_message", edited(talk, "hello there"))

    assert await team.has_job(message)
    assert not await team.has_job(talk)
    assert len(team.said) == 2  # the answers to what was no list, and none to the edits


async def test_a_text_without_a_number_is_answered(team: Stage) -> None:
    message = await team.says("hello, who are you?")

    assert "I see no phone numbers in that." in team.said[0]
    assert not await team.has_job(message)


SIZE = {"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}
FILM = SIZE | {"duration": 1}


@pytest.mark.parametrize(
    "content",
    [
        {"photo": [SIZE]},
        {"sticker": SIZE | {"type": "regular", "is_animated": False, "is_video": False}},
        {"voice": {"file_id": "f", "file_unique_id": "u", "duration": 1}},
        {"video": FILM},
        {"animation": FILM, "document": document("cat.mp4")},
        {"location": {"latitude": 1.0, "longitude": 1.0}},
        {"dice": {"emoji": "🎲", "value": 3}},
        {"photo": [SIZE], "caption": "+79123456789"},
    ],
    ids="+".join,
)
async def test_what_is_neither_text_nor_file_is_answered(team: Stage, content: dict[str, object]) -> None:
    message = await team.says(**content)  # type: ignore[arg-type]

    (said,) = team.said
    assert said.startswith("I read files (.txt, .csv, .tsv, .xlsx, .vcf), contacts and pasted numbers.")
    assert said.endswith("Nothing was charged.")
    assert not await team.has_job(message)


@pytest.mark.parametrize("notice", [{"pinned_message": True}, {"group_chat_created": True}, {"new_chat_title": "New"}])
async def test_telegrams_own_notices_are_not_answered(team: Stage, notice: dict[str, object]) -> None:
    if "pinned_message" in notice:
        notice = {"pinned_message": team.message("old")}
    await team.says(chat=TEAM, **notice)  # type: ignore[arg-type]

    assert team.said == []


async def test_half_of_a_surrogate_pair_in_a_text_is_stored(team: Stage) -> None:
    job = await team.job_of(await team.says("\ud83d +79123456789"))

    assert await team.texts_of(job) == ["? +79123456789"]


async def test_numbers_added_by_the_button_join_whatever_was_sent_between(team: Stage) -> None:
    job = await team.preview()
    await team.presses(f"add:{job.token}:")
    talk = await team.says("one moment", date=NOW + 100)
    added = await team.sends("more.txt", date=NOW + 200)
    after = await team.sends("other.txt", date=NOW + 201)

    assert not await team.has_job(talk)
    assert (await team.job_of(added)).id == job.id
    assert (await team.job_of(after)).id != job.id


async def test_a_private_chat_is_told_apart_from_a_group_with_the_same_numbers(team: Stage) -> None:
    in_private, in_group = await team.says("+79123456789"), team.message("/check +79123456789", chat=TEAM)
    in_group["message_id"] = in_private["message_id"]
    await team.feed("message", in_group)

    assert (await team.job_of(in_private)).chat_id == private(ANNA)["id"]
    assert (await team.job_of(in_group)).chat_id == TEAM["id"]


async def test_a_list_that_somebody_else_than_its_starter_edits_waits_for_its_press(team: Stage) -> None:
    written = team.message("+79123456780", person=BORIS, chat=TEAM)
    await team.says("/check", chat=TEAM, reply_to_message=written)
    job = await team.job_of(written)
    assert job.starter_id == ANNA["id"]
    beginnings = Beginnings(team.database)
    await team.feed("edited_message", edited(written, "+79123456781"))
    assert await beginnings.of(job.id) == Beginning(asks=Asks.EDITED)
    own = await team.says("+79123456782")
    await team.feed("edited_message", edited(own, "+79123456783"))
    assert await beginnings.of((await team.job_of(own)).id) is None


def contact(**more: Any) -> dict[str, Any]:
    return {"phone_number": "79123456789", "first_name": "Ann", "user_id": 5, **more}


async def test_contacts_shared_one_after_the_other_are_one_list(team: Stage) -> None:
    first = await team.says(contact=contact(last_name="K.; Perm"))
    second = await team.says(contact=contact(phone_number="8 912 345-67-80", user_id=None), date=NOW + 2)

    job = await team.job_of(first)
    assert (await team.job_of(second)).id == job.id
    assert await team.texts_of(job) == [
        "BEGIN:VCARD\nVERSION:3.0\nFN:Ann K.\\; Perm\nTEL:+79123456789\nEND:VCARD\n",
        "BEGIN:VCARD\nVERSION:3.0\nFN:Ann\nTEL:8 912 345-67-80\nEND:VCARD\n",
    ]


async def test_a_list_of_contacts_is_called_so_in_each_language_and_found_by_that(team: Stage) -> None:
    job = await team.read(await team.job_of(await team.says(contact=contact())))

    assert [name_of(job, texts) for texts in load_texts().values()] == ["Shared contacts", "Контакты"]
    for words in ("контакты", "shared"):
        await team.says(f"/jobs {words}")
        assert "Shared contacts" in team.said[-1]
    assert file_of(job, workbook=b"w", raw=None)[0].startswith("contacts_checked_")


async def test_a_file_of_contacts_keeps_its_name(team: Stage) -> None:
    job = await team.job_of(await team.sends("Phone.vcf"))

    assert (job.name, job.is_file) == ("Phone.vcf", True)


async def test_a_contact_with_a_card_of_several_phones_is_taken_with_all_of_them(team: Stage) -> None:
    card = "BEGIN:VCARD\nVERSION:3.0\nFN:Ann\nTEL:+79123456789\nTEL:+79123456780\nEND:VCARD"

    job = await team.job_of(await team.says(contact=contact(vcard=card)))

    assert await team.texts_of(job) == [card]


async def test_in_a_group_a_contact_counts_that_is_handed_in(team: Stage) -> None:
    shared = team.message(contact=contact(), chat=TEAM, message_id=900)
    job = await team.job_of(shared) if await team.has_job(shared) else None
    assert job is None
    await team.says("/check", chat=TEAM, reply_to_message=shared)
    assert await team.has_job(shared)


@pytest.mark.parametrize(("name", "ending"), [("base.CSV", ".csv"), ("b.xlsx", ".xlsx"), ("c.txt", "")])
async def test_what_kind_of_file_came_is_kept(team: Stage, name: str, ending: str) -> None:
    job = await team.job_of(await team.sends(name))

    (message,) = await team.lists.messages(job.id)
    assert message.file_ending == ending
