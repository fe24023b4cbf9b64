"""Mistakes with what the bot lives among: a clock that is set, a database that breaks, groups that move, long waits."""

from tests.mutants.mutant import Mutant

WORKER = ("tests/bot/test_worker.py",)
TIMES = ("tests/storage/test_times.py",)
DELIVERING = ("tests/bot/test_delivering.py",)
LANES = ("tests/bot/test_lanes.py",)
BY_ADMIN = ("tests/handlers/test_unsure.py",)

MACHINE = (
    Mutant(
        "a clock that is set back is not noticed",
        "bot/worker.py",
        "            await self._times.set_back(now, -by)\n",
        "",
        WORKER,
    ),
    Mutant(
        "a step that began before the clock was set back says when to look again by the old one",
        "bot/worker.py",
        "due_at += min(self._jumps.since(ahead), 0.0)",
        "due_at += 0.0",
        WORKER,
    ),
    Mutant(
        "after the start nobody looks for what was stored by a later clock",
        "bot/worker.py",
        "        await self._times.set_back(now)\n",
        "",
        WORKER,
    ),
    Mutant(
        "a clock that leaps ahead deletes at once what it takes for old",
        "bot/worker.py",
        "                self._tidied_at = max(self._tidied_at, now - HOUSEKEEPING_SECONDS + UNTIDY_SECONDS)\n",
        "",
        WORKER,
    ),
    Mutant(
        "a clock that leaps ahead makes a task one that has stood still for so long",
        "bot/worker.py",
        "                await self._times.slept(now)\n",
        "",
        WORKER,
    ),
    Mutant(
        "attempts keep the times of a later clock",
        "storage/times.py",
        "*(attempts.c.begun_at, attempts.c.ended_at),",
        "*(attempts.c.ended_at,),",
        TIMES,
    ),
    Mutant(
        "a pause lasts until the clock has caught up with itself",
        "bot/pausing.py",
        'if not now < pause["ask_at"] <= now + PAUSE_SECONDS:',
        'if not now < pause["ask_at"]:',
        ("tests/bot/test_pausing.py",),
    ),
    Mutant(
        "what the API takes after the clock was set back does not end a pause",
        "bot/pausing.py",
        'if began_at < pause["since"] <= now:',
        'if began_at < pause["since"]:',
        ("tests/bot/test_pausing.py",),
    ),
    Mutant(
        "whether another program polls is told by a clock that is set",
        "bot/updates.py",
        "        now = self._steady()\n",
        "        now = self._clock()\n",
        ("tests/bot/test_updates.py",),
    ),
    Mutant(
        "a damaged database is one more failure of each step",
        "bot/worker.py",
        "        except (DatabaseUnavailableError, DatabaseBrokenError):\n",
        "        except DatabaseUnavailableError:\n",
        WORKER,
    ),
    Mutant(
        "a damaged database is one more failure of each update",
        "bot/lanes.py",
        "        except DatabaseBrokenError:\n            raise",
        "        except DatabaseBrokenError:\n            return DATABASE_SECONDS",
        LANES,
    ),
    Mutant(
        "a damaged database ends the process with the tracebacks of everything",
        "bot/__main__.py",
        "        if broken is None:\n",
        "        if broken is not None:\n",
        ("tests/bot/test_main.py",),
    ),
    Mutant(
        "in a supergroup messages reply to whatever has the number of the list now",
        "storage/supergroups.py",
        "mine.values(chat_id=new, list_message_id=None, card_message_id=None, shown=None)",
        "mine.values(chat_id=new, card_message_id=None, shown=None)",
        DELIVERING,
    ),
    Mutant(
        "in a supergroup an answer replies to whatever has the number of the question now",
        "handlers/answers.py",
        'update={"chat": chat}).as_(message.bot), None)',
        'update={"chat": chat}).as_(message.bot), reply)',
        ("tests/handlers/test_answers.py",),
    ),
    Mutant(
        "a chat that cannot be reached for a while makes a possible repeat a first copy",
        "storage/tasks.py",
        "JobState.UNDELIVERABLE, now, sending=job.sending,",
        "JobState.UNDELIVERABLE, now, sending=False,",
        DELIVERING,
    ),
    Mutant(
        "only the first piece of a long paste joins the file that it is added to",
        "storage/jobs.py",
        "job_messages.c.sent_at >= since, job_messages.c.file_id.is_(None)\n",
        "job_messages.c.sent_at >= since, jobs.c.name.is_(None)\n",
        ("tests/handlers/test_intake.py",),
    ),
    Mutant(
        "only the first piece of a long paste joins the list of somebody else",
        "storage/jobs.py",
        "or_(jobs.c.starter_id == person_id, jobs.c.adding_by == person_id)",
        "jobs.c.starter_id == person_id",
        ("tests/handlers/test_intake.py",),
    ),
    Mutant(
        "naming a country passes by the lists that are being read",
        "storage/lists.py",
        "self._change_list(job_id, now, changed, OPEN_LIST)",
        "self._change_list(job_id, now, changed)",
        ("tests/handlers/test_commands.py",),
    ),
    Mutant(
        "a list that was read in another country meanwhile is shown like that",
        "storage/lists.py",
        '{"region": region, "left_out": False, "list_revision": jobs.c.list_revision + 1}',
        '{"region": region, "left_out": False}',
        ("tests/bot/test_confirming.py",),
    ),
    Mutant(
        "the numbers of a list that nobody decides about are kept for ever",
        "bot/worker.py",
        "in await self._submits.close_unanswered(now - self._retention_seconds, now):",
        "in ():",
        WORKER,
    ),
    Mutant(
        "a list is closed because nobody decided, and nobody hears of it",
        "bot/delivering.py",
        '            await self.showing.tell(job, Card(texts.say("closed-unanswered", name=titled(job, texts))))\n',
        "            pass\n",
        WORKER,
    ),
    Mutant(
        "a task that an admin named is in the database only",
        "storage/unsure.py",
        "                await write_down(Receipt(",
        "                print(Receipt(",
        BY_ADMIN,
    ),
    Mutant(
        "a task that an admin named is said to be charged",
        "bot/delivering.py",
        "failed(job, texts, named=named)",
        "failed(job, texts)",
        ("tests/bot/test_asking.py",),
    ),
    Mutant(
        "after a restored backup nobody knows that an admin named the task",
        "storage/receipts.py",
        "ended_at=now, task_id=receipt.task_id, named_by=receipt.named_by)",
        "ended_at=now, task_id=receipt.task_id)",
        ("tests/storage/test_receipts.py",),
    ),
    Mutant(
        "an admin whose chat was never opened keeps the menu from everybody",
        "bot/profile.py",
        '    except (TelegramAPIError, ClientDecodeError) as error:\n        logger.info("The menu',
        '    except ZeroDivisionError as error:\n        logger.info("The menu',
        ("tests/bot/test_profile.py",),
    ),
)
