"""Mistakes with what admins decide, what was on the account, and what people want forgotten."""

from tests.mutants.mutant import Mutant

PAUSE = ("tests/handlers/test_pause.py",)
PAUSING = ("tests/bot/test_pausing.py",)
BY_ADMIN = ("tests/handlers/test_unsure.py",)
UNSURE = ("tests/storage/test_unsure.py",)
FORGETTING = ("tests/storage/test_forgetting.py",)

LANGUAGES = ("tests/storage/test_chats.py", "tests/handlers/test_dispatcher.py")

PEOPLE = (
    Mutant(
        "the language of somebody's Telegram wins over what they chose",
        "storage/chats.py",
        "            if chosen is None:\n",
        "            if chosen != codes[person_id]:\n",
        LANGUAGES,
    ),
    Mutant(
        "a person's language is written down with every update",
        "handlers/audience.py",
        'person.language_code not in {None, "", spoken.code}',
        'person.language_code not in {None, ""}',
        LANGUAGES,
    ),
    Mutant(
        "the language of who waits for an answer is forgotten",
        "storage/chats.py",
        "        select(access_requests.c.person_id),\n",
        "",
        LANGUAGES,
    ),
    Mutant(
        "anybody may stop and start the checks of all chats",
        "handlers/pause.py",
        "person is not None and person.id in audience.admin_ids else None",
        "person is not None else None",
        PAUSE,
    ),
    Mutant(
        "a list goes out although an admin has stopped all checks",
        "storage/submits.py",
        "                ~stopped,\n",
        "",
        ("tests/storage/test_submits.py",),
    ),
    Mutant(
        "of the lists that wait any one is tried first",
        "bot/pausing.py",
        'if pause["trying"] == job.id:',
        'if pause["trying"] is not None:',
        PAUSING,
    ),
    Mutant(
        "a balance that fell counts as a top-up",
        "bot/pausing.py",
        "now > Decimal(before)",
        "now != Decimal(before)",
        PAUSING,
    ),
    Mutant(
        "each list that waits for money writes a message of its own",
        "bot/pausing.py",
        "waiting is Waiting.MONEY and not await self.jobs.was_told_of_waiting(job.chat_id, waiting)",
        "waiting is Waiting.MONEY",
        PAUSING,
    ),
    Mutant(
        "anybody decides which task a list has",
        "handlers/unsure.py",
        "    elif person_id not in audience.admin_ids or message.chat.id != person_id:\n",
        "    elif False:\n",
        BY_ADMIN,
    ),
    Mutant(
        "nobody is warned of a task that began at another time",
        "handlers/unsure.py",
        "    elif doubt := doubt_of(task_id, job.submitted_at or job.state_since):\n",
        "    elif doubt := None:\n",
        BY_ADMIN,
    ),
    Mutant(
        "two lists have the same task",
        "storage/unsure.py",
        "            if await connection.scalar(select(elsewhere)):\n",
        "            if False:\n",
        UNSURE,
    ),
    Mutant(
        "a difference on the account that another list may have made counts as evidence",
        "storage/unsure.py",
        "            if await connection.scalar(select(exists().where(*between))):\n",
        "            if False:\n",
        UNSURE,
    ),
    Mutant(
        "a list that another chat had checked is offered as this chat's own",
        "storage/same_lists.py",
        "(jobs.c.chat_id == job.chat_id, jobs.c.list_digest == job.list_digest,",
        "(jobs.c.list_digest == job.list_digest,",
        ("tests/storage/test_same_lists.py",),
    ),
    Mutant(
        "what was queued in a backup is sent to the check when it is put back",
        "storage/backups.py",
        "SET state = 'confirming', failure = 'restored',",
        "SET state = 'queued', failure = NULL,",
        ("tests/storage/test_backups.py",),
    ),
    Mutant(
        "a forgotten list leaves its numbers behind",
        "storage/forgetting.py",
        "CARRIERS = (job_messages, job_numbers, job_results)\n",
        "CARRIERS = (job_messages, job_results)\n",
        FORGETTING,
    ),
    Mutant(
        "a forgotten list is left in the updates that told of it",
        "storage/forgetting.py",
        "        await _blank_updates_of(connection, forgotten)\n",
        "",
        FORGETTING,
    ),
    Mutant(
        "a forgotten list can be read in the database's log",
        "storage/forgetting.py",
        "        await self.database.empty_log()\n        return next(",
        "        return next(",
        FORGETTING,
    ),
    Mutant(
        "the reserve is kept although a receipt cannot be written",
        "bot/receipts.py",
        "                self.reserve.unlink()\n",
        "                pass\n",
        ("tests/bot/test_receipts.py",),
    ),
    Mutant(
        "a paid result that a chat cannot be given is kept from the admins",
        "bot/delivering.py",
        "            await self.asking.tell_undeliverable(moved)\n",
        "            pass\n",
        ("tests/bot/test_delivering.py",),
    ),
)
