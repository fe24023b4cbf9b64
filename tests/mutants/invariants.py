"""Mistakes elsewhere: what comes in, what goes out, what people read, what nobody may read."""

from tests.mutants.mutant import Mutant

UPDATES = ("tests/bot/test_updates.py",)
DELIVERING = ("tests/bot/test_delivering.py",)
AUDIENCE = ("tests/handlers/test_audience.py",)
RESULTS = ("tests/bot/test_results.py",)
JOBS = ("tests/storage/test_jobs.py",)
ADDRESSES = ("tests/bot/test_result_addresses.py",)

INVARIANTS = (
    Mutant(
        "updates are confirmed before they are stored",
        "bot/updates.py",
        "                await self._take_in(batch)\n",
        "                known = [one['update_id'] for one in batch if has_id(one)]\n"
        "                if known:\n"
        "                    await self._bot(GetRawUpdates(offset=max(known) + 1, timeout=0))\n"
        "                await self._take_in(batch)\n",
        UPDATES,
    ),
    Mutant(
        "the same update twice is two rows of the inbox",
        "storage/updates.py",
        '                "key": one.key,\n',
        '                "key": f"{one.key} {now} {id(one)}",\n',
        ("tests/storage/test_updates.py", *UPDATES),
    ),
    Mutant(
        "what an earlier run stored and did not finish is forgotten",
        "bot/lanes.py",
        "        self._known = 0\n",
        "        self._known = 10**6\n",
        ("tests/bot/test_lanes.py",),
    ),
    Mutant(
        "an update that no handler could handle counts as acted on",
        "bot/lanes.py",
        'return End(UpdateState.QUARANTINED, "handling failed")',
        "return End(UpdateState.ACTED)",
        ("tests/bot/test_lanes.py",),
    ),
    Mutant(
        "a group's own talk is kept",
        "handlers/audience.py",
        'return self._is_addressed(message) or self._is_file_for_us(chat, message.get("document"))',
        "return True",
        AUDIENCE,
    ),
    Mutant(
        "strangers are let in",
        "handlers/admission.py",
        "        return Admission.ALLOWED if await self._is_member(person.id) else Admission.STRANGER\n",
        "        return Admission.ALLOWED\n",
        ("tests/handlers/test_admission.py",),
    ),
    Mutant(
        "a button works in every chat",
        "storage/jobs.py",
        "jobs.c.token == token, jobs.c.chat_id == chat_id)",
        "jobs.c.token == token)",
        JOBS,
    ),
    Mutant(
        "a chat sees the lists of all chats",
        "storage/history.py",
        "found = (jobs.c.chat_id == chat_id, or_(",
        "found = (or_(",
        ("tests/storage/test_history.py",),
    ),
    Mutant(
        "a second copy of the result is not marked",
        "bot/sending.py",
        "else caption(job, await self.showing.usual.get(), texts, repeat=job.sending,",
        "else caption(job, await self.showing.usual.get(), texts, repeat=False,",
        DELIVERING,
    ),
    Mutant(
        "it is not noted that a result is on its way",
        "bot/delivering.py",
        "        marked = await self.tasks.begin_sending(job)\n",
        "        marked = job\n",
        DELIVERING,
    ),
    Mutant(
        "a result that surely did not arrive is marked as if it might have",
        "bot/delivering.py",
        "            await self._take_back(job)\n            raise\n",
        "            raise\n",
        DELIVERING,
    ),
    Mutant(
        "a job is done although its file was not sent",
        "bot/delivering.py",
        "            await self._undeliverable(job, str(error) or type(error).__name__)\n            return None\n",
        "            await self.tasks.delivered(job, self.clock())\n            return None\n",
        DELIVERING,
    ),
    Mutant(
        "a file that has arrived is sent again by who died before the job was done",
        "bot/delivering.py",
        "        if _has_arrived(job):\n            await self._end(job)\n            return None\n        result",
        "        result",
        DELIVERING,
    ),
    Mutant(
        "a broken connection to Telegram counts as surely not sent",
        "bot/messenger.py",
        "return LaterError(SERVER_ERROR_SECONDS) if _never_begun(error) else PerhapsSentError()",
        "return LaterError(SERVER_ERROR_SECONDS)",
        ("tests/bot/test_messenger.py",),
    ),
    Mutant(
        "nobody asks about an unsure job",
        "bot/delivering.py",
        "        if job.state is JobState.UNSURE:\n",
        "        if False:\n",
        ("tests/bot/test_submitting.py",),
    ),
    Mutant(
        "a failed job is not told",
        "bot/delivering.py",
        "            await self.showing.tell(job, failed(job, texts, named=named))\n",
        "            pass\n",
        DELIVERING,
    ),
    Mutant(
        "retry_after does not hold the chat",
        "bot/limits.py",
        "chat.hold(asyncio.get_running_loop().time(), error.retry_after)",
        "chat.hold(asyncio.get_running_loop().time(), 0)",
        ("tests/bot/test_limits.py",),
    ),
    Mutant(
        "retry_after of one chat holds all",
        "bot/limits.py",
        "chat.hold(asyncio.get_running_loop().time(), error.retry_after)",
        "self._all.hold(asyncio.get_running_loop().time(), error.retry_after)",
        ("tests/bot/test_limits.py",),
    ),
    Mutant(
        "a result that was told to come again loses its place",
        "bot/limits.py",
        "self.kept_until = max(self.kept_until, now + delay + COMING_SECONDS)",
        "self.kept_until = 0.0",
        ("tests/bot/test_limits.py",),
    ),
    Mutant(
        "all chats together are paced by the second",
        "bot/windows.py",
        "ALL = Window(most=29, seconds=1.0, burst=Window(most=1, seconds=0.03))",
        "ALL = Window(most=29, seconds=1.0)",
        ("tests/bot/test_limits.py",),
    ),
    Mutant(
        "a step that fails leaves the clock alone",
        "bot/worker.py",
        "            return self._clock() + self._longer(job, AGAIN_SECONDS, LONGEST_SECONDS)\n",
        "            return self._clock()\n",
        ("tests/bot/test_worker.py",),
    ),
    Mutant(
        "the key is sent to the host of the result",
        "bot/check_api.py",
        "        downloader = Downloader(\n            fetching,\n",
        "        downloader = Downloader(\n            questions,\n",
        ("tests/bot/test_downloading.py",),
    ),
    Mutant(
        "a result is fetched from a private address",
        "bot/downloading.py",
        "    return found.is_global and not (",
        "    return not (",
        ADDRESSES,
    ),
    Mutant(
        "the answer about another task is believed",
        "bot/answers.py",
        "    if named not in {None, task_id}:\n",
        "    if False:\n",
        ("tests/bot/test_answers.py",),
    ),
    Mutant(
        "a verdict that nobody knows is shown as no",
        "bot/cells.py",
        "word), Verdict.UNDETERMINED)\n",
        "word), Verdict.NO)\n",
        ("tests/bot/test_cells.py", *RESULTS),
    ),
    Mutant(
        "a number that did not come back is shown as no",
        "bot/results.py",
        'b"uynuuuuu"',
        'b"nynuuuuu"',
        RESULTS,
    ),
    Mutant(
        "what people sent becomes a formula in the workbook",
        "bot/sheet_writer.py",
        "        stored = storable(text)\n",
        "        stored = storable(text)\n"
        '        if stored.startswith("="):\n            return f"><f>{stored[1:]}</f></c>"\n',
        ("tests/bot/test_report.py",),
    ),
    Mutant(
        "a commit may be lost in a power cut",
        "storage/database.py",
        '    "synchronous=FULL",\n',
        '    "synchronous=OFF",\n',
        ("tests/storage/test_database.py",),
    ),
    Mutant(
        "entities of a workbook's XML are unfolded",
        "bot/results.py",
        "    refuse_doctype(archive)\n",
        "",
        (*RESULTS, "tests/bot/test_archives.py"),
    ),
    Mutant(
        "an unknown status fails a task that is paid",
        "bot/json_fields.py",
        "        return TaskStatus.PROCESSING\n",
        "        return TaskStatus.FAILED\n",
        ("tests/bot/test_answers.py",),
    ),
    Mutant(
        "an archive may unpack to any size",
        "bot/archives.py",
        "        if entry.file_size > max(SMALL_BYTES, MOST_RATIO * entry.compress_size):\n",
        "        if False:\n",
        ("tests/bot/test_archives.py",),
    ),
    Mutant(
        "numbers are kept for ever",
        "bot/worker.py",
        "        lists = await self._retention.purge(now, self._retention_seconds)\n",
        "        lists = 0\n",
        ("tests/bot/test_worker.py",),
    ),
)
