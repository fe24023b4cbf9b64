"""Mistakes about what is known: paid for twice, charged for what was not shown, seen by another chat."""

from tests.mutants.mutant import Mutant

REMEMBERING = ("tests/bot/test_remembering.py",)
MEMORY = ("tests/storage/test_memory.py",)

MEMORIES = (
    Mutant(
        "a list begins by itself before it was compared with what its chat has just learnt",
        "storage/beginnings.py",
        "jobs.c.known == 0, compared, ~same",
        "jobs.c.known == 0, ~same",
        ("tests/storage/test_beginnings.py",),
    ),
    Mutant(
        "what a clock that ran ahead has found is never replaced",
        "storage/times.py",
        "            await connection.execute(found.values(checked_at=_moved(found_at, now, seconds, now)))\n",
        "",
        ("tests/storage/test_times.py",),
    ),
    Mutant(
        "an admin has the files of anybody's private list",
        "handlers/roles.py",
        "        if job.chat_id > 0:\n            return person_id == job.chat_id\n",
        "",
        ("tests/handlers/test_handing_out.py",),
    ),
    Mutant(
        "all numbers are sent where only the new ones were asked for",
        "bot/submitting.py",
        "        if not job.only_new:\n            return await asyncio.to_thread(upload_of, packed.numbers, None)\n",
        "        return await asyncio.to_thread(upload_of, packed.numbers, None)\n",
        REMEMBERING,
    ),
    Mutant(
        "a snapshot holds what another chat knows",
        "storage/memory.py",
        "        columns = known_numbers.c.number_hash, known_numbers.c.verdict, known_numbers.c.checked_at\n",
        "        columns = known_numbers.c.number_hash, known_numbers.c.verdict, known_numbers.c.checked_at\n"
        "        mine = (known_numbers.c.checked_at >= since,)\n",
        MEMORY,
    ),
    Mutant(
        "an undetermined answer replaces a clear one",
        "storage/memory.py",
        "better = or_(new.verdict != undetermined, known_numbers.c.verdict == undetermined)",
        "better = or_(new.verdict != undetermined, new.verdict == undetermined)",
        MEMORY,
    ),
    Mutant(
        "undetermined counts as known",
        "bot/known.py",
        'CLEAR = frozenset("yn")',
        'CLEAR = frozenset("ynu")',
        ("tests/bot/test_known.py",),
    ),
    Mutant(
        "a press counts although the snapshot that it was shown by has changed",
        "storage/memory.py",
        "        more = 1 if differs else 0\n",
        "        more = 0\n",
        MEMORY,
    ),
    Mutant(
        "what was found is not remembered before its job is done",
        "bot/delivering.py",
        "        await self.remembering.note(job)\n        delivered = ",
        "        delivered = ",
        REMEMBERING,
    ),
    Mutant(
        "what a chat cannot be given is not remembered",
        "bot/delivering.py",
        "        await self.remembering.note(job)\n        moved = ",
        "        moved = ",
        REMEMBERING,
    ),
    Mutant(
        "a chat has its result, and pays for the same numbers before they are remembered",
        "storage/tasks.py",
        "    await keep_found(database, connection, moved.id, moved.chat_id, found.now, found.found)\n",
        "",
        REMEMBERING,
    ),
    Mutant(
        "what was perhaps sent before a kill is paid for again",
        "bot/delivering.py",
        "        if job.sending:  # an earlier try",
        "        if False:  # an earlier try",
        REMEMBERING,
    ),
    Mutant(
        "a list is compared with half of what its chat was just told",
        "bot/remembering.py",
        "        return await self.memory.is_told_more(chat_id, above=KEPT_WITH_RESULT)\n",
        "        return False\n",
        REMEMBERING,
    ),
    Mutant(
        "a list is not read as long as a result cannot be sent",
        "bot/confirming.py",
        "if self.clock() < job.state_since + LEARNING_SECONDS and await",
        "if await",
        REMEMBERING,
    ),
    Mutant(
        "a list begins by itself while what another has found is not remembered yet",
        "storage/beginnings.py",
        "compared, ~same, ~learning",
        "compared, ~same",
        ("tests/storage/test_beginnings.py",),
    ),
    Mutant(
        "what a list has found is remembered although it was forgotten meanwhile",
        "storage/memory.py",
        "jobs.c.id == job.id, jobs.c.state == JobState.DELIVERING\n",
        "(jobs.c.id == job.id,)\n",
        MEMORY,
    ),
    Mutant(
        "a forgotten list is still known",
        "storage/forgetting.py",
        "        await forget_found(connection, jobs.c.id == job.id)\n",
        "",
        MEMORY,
    ),
    Mutant(
        "the quotas count the whole list where only the new numbers are checked",
        "storage/moves.py",
        "        await reserve(connection, quotas, wanted=fitting.wanted,",
        "        await reserve(connection, quotas, wanted=fitting.wanted + 1,",
        ("tests/storage/test_quotas.py",),
    ),
)
