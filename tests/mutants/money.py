"""Mistakes on the way of the money: the intent, the submit, what came of it, and who may ask for a second one."""

from tests.mutants.mutant import Mutant

SUBMITTING = ("tests/bot/test_submitting.py",)
ON_THE_WIRE = ("tests/bot/test_submit_on_the_wire.py",)
BREAKS = ("tests/bot/test_submit_breaks.py",)
SUBMITS = ("tests/storage/test_submits.py",)
BUTTONS = ("tests/handlers/test_buttons.py",)

MONEY = (
    Mutant(
        "the intent is not committed",
        "storage/submits.py",
        "            return Attempt(attempt_id, submitting)\n",
        "            await connection.rollback()\n            return Attempt(attempt_id, submitting)\n",
        SUBMITS,
    ),
    Mutant(
        "the request goes out before its intent is stored",
        "bot/submitting.py",
        "        attempt = await self.submits.begin_submit(job, self.clock())\n"
        "        if attempt is None:\n"
        "            return None\n"
        "        outcome = await self.api.submit(numbers)\n",
        "        outcome = await self.api.submit(numbers)\n"
        "        attempt = await self.submits.begin_submit(job, self.clock())\n"
        "        if attempt is None:\n"
        "            return None\n",
        SUBMITTING,
    ),
    Mutant(
        "a submit that nobody knows the end of is tried again by itself",
        "bot/submitting.py",
        'return await self.submits.unsure(attempt, f"{what}\\n{evidence}", now)',
        "return await self.submits.submit_later("
        "attempt, Waiting.BUSY, f'{what} {evidence}', now, due_at=now + 1, count=False)",
        SUBMITTING,
    ),
    Mutant(
        "an unsure job is put back into the queue when its turn comes",
        "bot/delivering.py",
        "        if job.state is JobState.UNSURE:\n",
        "        if job.state is JobState.UNSURE:\n"
        "            from storage.submits import Submits\n\n"
        "            await Submits(self.jobs.database).send_again(job, job.attempts, job.starter_id, self.clock())\n",
        SUBMITTING,
    ),
    Mutant(
        "what was being submitted when the process died is submitted again",
        "storage/submits.py",
        "                    state=JobState.UNSURE,\n"
        "                    submitted_at=jobs.c.state_since,\n"
        "                    state_since=now,\n"
        "                    failure=Failure.STOPPED_MIDWAY,\n",
        "                    state=JobState.QUEUED,\n                    state_since=now,\n",
        SUBMITS,
    ),
    Mutant(
        "a gateway's error is taken for not charged",
        "bot/answers.py",
        'return Unknown(f"the answer was HTTP {status}", _evidence(answer.body))',
        'return NotCharged(Cause.BUSY, f"the answer was HTTP {status}")',
        ON_THE_WIRE,
    ),
    Mutant(
        "a 500 with a page is taken for the API's own word",
        "bot/answers.py",
        "answer.status == HTTPStatus.INTERNAL_SERVER_ERROR and body is not NO_JSON:",
        "answer.status == HTTPStatus.INTERNAL_SERVER_ERROR:",
        ON_THE_WIRE,
    ),
    Mutant(
        "a 200 without a task id is taken for not charged",
        "bot/answers.py",
        'return Unknown(f"HTTP {answer.status}, but the answer {fault}", _evidence(answer.body))',
        'return NotCharged(Cause.INTERNAL, f"HTTP {answer.status}, but the answer {fault}")  # type: ignore',
        ON_THE_WIRE,
    ),
    Mutant(
        "a connection that breaks under the request is taken for one that was never made",
        "bot/check_api.py",
        "        except NOT_BEGUN as error:\n",
        "        except (*NOT_BEGUN, httpx.TransportError) as error:\n",
        BREAKS,
    ),
    Mutant(
        "a submit that is not answered in time is taken for not charged",
        "bot/check_api.py",
        'outcome = Unknown(f"no answer within {deadline:.0f} s")',
        'outcome = NotCharged(Cause.UNREACHABLE, f"no answer within {deadline:.0f} s")',
        BREAKS,
    ),
    Mutant(
        "a connection that was never made is taken for a lost answer",
        "bot/check_api.py",
        'outcome: SubmitOutcome = NotCharged(Cause.UNREACHABLE, f"no connection ({type(error).__name__})")',
        'outcome: SubmitOutcome = Unknown(f"no connection ({type(error).__name__})")',
        ON_THE_WIRE,
    ),
    Mutant(
        "redirects are followed",
        "bot/http_client.py",
        "        follow_redirects=False,\n"
        '        headers={"User-Agent": USER_AGENT, **headers},\n'
        "        timeout=timeout,\n"
        "        limits=limits,\n"
        '        event_hooks={"response": [_set_redirect_aside]},\n',
        "        follow_redirects=True,\n"
        '        headers={"User-Agent": USER_AGENT, **headers},\n'
        "        timeout=timeout,\n"
        "        limits=limits,\n",
        ("tests/bot/test_http_client.py", *ON_THE_WIRE),
    ),
    Mutant(
        "what was said about a redirect is lost, so that one is followed by the submit",
        "bot/answers.py",
        "        return NotCharged(Cause.REDIRECTED, _redirected(answer))\n",
        '        return Unknown("a redirect", "")\n',
        ON_THE_WIRE,
    ),
    Mutant(
        "an empty account does not pause the other lists",
        "bot/submitting.py",
        "                await self.pausing.begin(PAUSING[cause])\n",
        "                pass\n",
        ("tests/bot/test_pausing.py",),
    ),
    Mutant(
        "a list goes out however long it has waited",
        "bot/submitting.py",
        "        if now - (job.queued_at or now) >= QUEUE_SECONDS:\n",
        "        if now - (job.queued_at or now) >= 100 * QUEUE_SECONDS:\n",
        SUBMITTING,
    ),
    Mutant(
        "lists are submitted while another program polls with our token",
        "bot/submitting.py",
        "if (reason := self.trouble()) is not None:",
        "if (reason := None) is not None:",
        SUBMITTING,
    ),
    Mutant(
        "lists are submitted onto a full disk",
        "bot/submitting.py",
        "        if await self._disk_is_full(job):\n",
        "        if False:\n",
        ("tests/bot/test_trouble.py",),
    ),
    Mutant(
        "no receipt is written",
        "bot/submitting.py",
        "        await self.receipts.write_down(receipt)\n",
        "        await asyncio.sleep(0)\n",
        (*SUBMITTING, "tests/bot/test_submit_receipts.py"),
    ),
    Mutant(
        "the receipt is written after the database was told",
        "bot/submitting.py",
        "        if isinstance(outcome, Accepted):\n"
        "            await self._keep_receipt(attempt, outcome.task_id)\n"
        "        pauses = iter(STORING_SECONDS)\n"
        "        while True:\n"
        "            try:\n"
        "                return await self._move(attempt, outcome)\n",
        "        pauses = iter(STORING_SECONDS)\n"
        "        while True:\n"
        "            try:\n"
        "                moved = await self._move(attempt, outcome)\n"
        "                if isinstance(outcome, Accepted):\n"
        "                    await self._keep_receipt(attempt, outcome.task_id)\n"
        "                return moved\n",
        ("tests/bot/test_submit_receipts.py",),
    ),
    Mutant(
        "a receipt is not forced to the disk",
        "bot/receipts.py",
        "            written = os.write(handle, line)\n            os.fsync(handle)\n",
        "            written = os.write(handle, line)\n",
        ("tests/bot/test_receipts.py",),
    ),
    Mutant(
        "receipts are not read at the start",
        "bot/taking_over.py",
        "await asyncio.to_thread(receipts.read)",
        "()",
        ("tests/test_story_receipts.py",),
    ),
    Mutant(
        "a start forgets what was being submitted",
        "bot/taking_over.py",
        "    for job in await submits.unsure_after_stop(now):\n",
        "    for job in ():\n",
        ("tests/test_story_receipts.py",),
    ),
    Mutant(
        "a late answer moves a job that is being submitted once more",
        "storage/submits.py",
        "attempt.job.id, JobState.SUBMITTING, new, now, this_one, **values)",
        "attempt.job.id, JobState.SUBMITTING, new, now, **values)",
        SUBMITS,
    ),
    Mutant(
        "the second press of Send again sends a third time",
        "storage/submits.py",
        "        this_one = jobs.c.attempts == attempts_seen\n",
        "        this_one = jobs.c.attempts >= 0\n",
        SUBMITS,
    ),
    Mutant(
        "a press counts for a list that has changed since it was shown",
        "storage/moves.py",
        "return (jobs.c.read_revision == revision, jobs.c.list_revision == revision, jobs.c.valid > 0)",
        "return (jobs.c.valid > 0,)",
        ("tests/storage/test_moves.py", *BUTTONS),
    ),
    Mutant(
        "a job is moved whatever state it is in by now",
        "storage/moves.py",
        "jobs.c.id == job_id, jobs.c.state == old, *conditions,",
        "jobs.c.id == job_id, *conditions,",
        ("tests/storage/test_moves.py",),
    ),
    Mutant(
        "two workers take the same job",
        "storage/jobs.py",
        "            .values(due_at=until, lease=lease)\n",
        "            .values(lease=lease)\n",
        ("tests/storage/test_jobs.py",),
    ),
    Mutant(
        "anybody in the group decides about anybody's money",
        "handlers/roles.py",
        "        return job.starter_id in {",
        "        return True or job.starter_id in {",
        ("tests/handlers/test_roles.py",),
    ),
    Mutant(
        "a number in a button need not be one",
        "handlers/buttons.py",
        'if re.fullmatch("[0-9]{1,9}", word) else -1',
        'if re.fullmatch("[0-9]{1,9}", word) else 1',
        BUTTONS,
    ),
)
