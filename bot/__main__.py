"""`python -m bot`: the only place where things are built, opened and closed."""

import asyncio
import logging
import os
import shutil
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bot.lock import AlreadyRunningError, only_one
from bot.logs import configure, install_hooks
from bot.maintenance import parsed, run_command
from bot.memory import give_back_large_blocks, look_no_more_at_what_is_loaded
from bot.settings import Settings, SettingsError

logger = logging.getLogger("bot")

WRONG_SETTINGS = 2
SWITCH_SECONDS = 0.0002
"""How long a thread that reckons lets the others wait. Python's own 5 ms come to a tenth of a second for an answer: it
goes to and fro between the event loop and the database's threads some twenty times."""


def main() -> int:
    """Read the settings, say what is wrong with them; do what was asked for, or run until SIGTERM or SIGINT."""
    arguments = parsed(sys.argv[1:])
    try:
        settings = Settings.from_environment(os.environ)
        _make_folders(settings)
    except SettingsError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        return WRONG_SETTINGS
    give_back_large_blocks()
    sys.setswitchinterval(SWITCH_SECONDS)
    configure(settings.log_level, settings.log_format, settings.secrets)
    install_hooks()
    if arguments.command is not None:
        return run_command(arguments, settings)
    try:
        with only_one(settings.data_dir):
            return asyncio.run(_run(settings))
    except AlreadyRunningError:
        logger.error(
            "Another bot works in %s: stop it first, or give this one a DATA_DIR of its own", settings.data_dir
        )
        return 1


def _make_folders(settings: Settings) -> None:
    for variable, folder in (("DATA_DIR", settings.data_dir), ("DATABASE_URL", settings.database_path.parent)):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not os.access(folder, os.W_OK | os.X_OK):
                raise PermissionError
        except OSError as error:
            reason = error.strerror or "no permission to write"
            raise SettingsError((f"{variable}: the folder {folder} cannot be used: {reason}",)) from error


async def _run(settings: Settings) -> int:
    """Open everything that lives, run until asked to stop, close it in the opposite order."""
    # Imported here: aiogram and SQLAlchemy take seconds, and wrong settings are told without them.
    from bot.telegram import TokenRefusedError
    from storage.database import DatabaseBrokenError, DatabaseTooNewError, DatabaseUnavailableError

    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    logger.info("Telegram: %s", settings.telegram_api_url)
    logger.info("Checking API: %s", settings.checker_api_url)
    if not settings.admin_ids and not settings.allowed_ids:
        logger.warning("ADMIN_IDS and ALLOWED_IDS are empty: nobody may use the bot, everybody is told so")
    try:
        await _live(settings, stopping, look_no_more_at_what_is_loaded)
    except ExceptionGroup as group:
        broken, others = group.split(DatabaseBrokenError)
        if broken is None:
            raise
        logger.critical(
            "%s is damaged, so the bot ends; the file is kept. Restore a backup: python -m bot restore FILE",
            settings.database_path,
            exc_info=others,
        )
        return 1
    except DatabaseTooNewError:
        logger.error("The database is of a newer version than this program: update the program")
        return 1
    except DatabaseBrokenError as error:
        logger.error(
            "%s is not a database (%s): keep the file, restore a backup: python -m bot restore FILE",
            settings.database_path,
            error,
        )
        return 1
    except DatabaseUnavailableError as error:
        logger.error("The database %s cannot be used (%s)", settings.database_path, error)
        return 1
    except TokenRefusedError:
        print("BOT_TOKEN is not accepted by Telegram: take the current one from @BotFather", file=sys.stderr)
        return WRONG_SETTINGS
    logger.info("Stopped")
    return 0


async def _live(settings: Settings, stopping: asyncio.Event, when_loaded: Callable[[], object] = lambda: None) -> None:
    from bot.admitting import Admitting
    from bot.approving import Approving
    from bot.asking import Asking
    from bot.balances import Balances
    from bot.beginning import BeginningByItself
    from bot.check_api import open_check_api
    from bot.checking import Checking
    from bot.chores import copy_log
    from bot.composing import Composing
    from bot.confirming import Confirming
    from bot.delivering import Delivering
    from bot.fetching import CLOUD_LIMIT_MB, OWN_LIMIT_MB, Files
    from bot.forks import open_forks
    from bot.handing_over import HandingOver
    from bot.job import TERMINAL, JobState
    from bot.known import days_known
    from bot.limits import Limits
    from bot.list_key import find_list_key
    from bot.messenger import Messenger
    from bot.pausing import Pausing
    from bot.picturing import Picturing
    from bot.profile import introduce
    from bot.receipts import Receipts
    from bot.redrawing import Redrawing
    from bot.remembering import Remembering
    from bot.rights import Rights
    from bot.sending import Sending
    from bot.showing import Showing
    from bot.submitting import Submitting
    from bot.taking_over import take_over
    from bot.telegram import CLOUD, meet, open_bot
    from bot.texts import load_texts
    from bot.updates import Updates
    from bot.worker import Worker
    from bot.workshop import write_part
    from handlers import build_dispatcher
    from handlers.approvals import quotas_of
    from handlers.by_itself import Starters
    from handlers.equipment import Outside, equipment, gate
    from storage.access import Accesses
    from storage.access_cards import AccessCards
    from storage.access_requests import AccessRequests
    from storage.approvals import Approvals
    from storage.beginnings import Beginnings
    from storage.chat_settings import ChatSettings
    from storage.chats import Chats
    from storage.database import open_database
    from storage.facts import Facts
    from storage.groups import Groups
    from storage.jobs import Jobs
    from storage.lists import Lists
    from storage.memory import Memory
    from storage.moves import Moves
    from storage.receipts import PaidTasks
    from storage.retention import Retention
    from storage.submits import Submits
    from storage.supergroups import Supergroups
    from storage.tasks import Tasks
    from storage.times import Times
    from storage.unsure import Unsure
    from storage.updates import Inbox

    async with (
        open_database(settings.database_url) as database,
        open_bot(settings.bot_token, settings.telegram_api_url, limits := Limits()) as bot,
        open_check_api(
            base_url=settings.checker_api_url,
            api_key=settings.checker_api_key,
            task_type=settings.checker_task_type,
        ) as api,
        open_forks() as forks,
    ):
        me = await meet(bot, stopping)
        if me is None:
            return
        texts, quotas = load_texts(), quotas_of(settings)
        jobs, lists, moves, submits, tasks = (
            Jobs(database),
            Lists(database),
            Moves(database, quotas),
            Submits(database, quotas),
            Tasks(database),
        )
        inbox, chats, facts, messenger = Inbox(database), Chats(database), Facts(database), Messenger(bot, limits)
        supergroups = Supergroups(database, settings.allowed_ids)
        showing = Showing(jobs, facts, messenger, texts, settings)
        work_dir = _empty_folder(settings.data_dir / "work")
        limit_mb = CLOUD_LIMIT_MB if settings.telegram_api_url == CLOUD else OWN_LIMIT_MB
        list_key, memory = find_list_key(settings.data_dir), Memory(database)
        remembering = Remembering(memory, lists, list_key, days_known(settings.retention_days))
        composing = Composing(lists, remembering, tasks, showing, work_dir, forks=forks)
        confirming = Confirming(lists, moves, Files(bot, limit_mb), messenger, showing, work_dir, remembering)
        checking = Checking(jobs, tasks, facts, api, showing, composing)
        balances = Balances(facts, api)
        asking = Asking(Unsure(database), chats, balances, messenger, showing)
        groups, chosen, rights = Groups(database), ChatSettings(database), Rights(bot)
        who = gate(database, settings, rights, me.id, me.username or "")
        sending = Sending(lists, messenger, showing)
        handing_over = HandingOver(tasks, groups, chats, rights, messenger, sending, showing)
        picturing = Picturing(lists, messenger, showing, chosen.wants_picture)
        delivering = Delivering(jobs, lists, tasks, sending, handing_over, remembering, showing, asking, picturing)
        admitting = Admitting(
            Accesses(database),
            AccessRequests(database),
            AccessCards(database),
            jobs,
            lists,
            chats,
            facts,
            supergroups,
            messenger,
            texts,
            settings,
            me.username or "",
        )
        redrawing = Redrawing(messenger, lambda: worker.wake())  # noqa: PLW0108  (the worker is built later)
        pausing = Pausing(jobs, facts, chats, api, messenger, showing)
        receipts = Receipts(settings.data_dir, settings.database_path.parent)
        submitting = Submitting(
            lists,
            moves,
            submits,
            facts,
            api,
            pausing,
            balances,
            showing,
            composing,
            receipts,
            trouble=lambda: updates.trouble,
        )
        approving = Approving(Approvals(database, quotas), chats, messenger, showing)
        starters = Starters(who.access, who.roles)
        by_itself = BeginningByItself(Beginnings(database, quotas), chosen, showing, starters.may_begin)
        steps = dict.fromkeys((*TERMINAL, JobState.UNSURE), delivering.tell) | {
            JobState.READING: confirming.step,
            JobState.CONFIRMING: by_itself.with_step(confirming.step),
            JobState.QUEUED: submitting.step,
            JobState.SUBMITTING: submitting.step,
            JobState.CHECKING: checking.step,
            JobState.DELIVERING: delivering.deliver,
        }
        worker = Worker(
            steps={state: approving.with_step(step) for state, step in steps.items()},
            jobs=jobs,
            retention=Retention(database),
            submits=submits,
            inbox=inbox,
            supergroups=supergroups,
            times=Times(database),
            heartbeat=settings.data_dir / "heartbeat",
            retention_seconds=settings.retention_days * 86_400,
            chores=(admitting.tend, redrawing.tend),
            timed=(admitting.tidy, who.file_groups.refresh, partial(copy_log, database)),
            fetching=checking.fetching,
        )
        outside = Outside(
            wake=worker.wake,
            draw=redrawing.draw,
            write_down=receipts.write_down,
            tables=partial(write_part, work_dir),
            name=list_key.name,
        )
        dispatcher = build_dispatcher(**equipment(database, settings, quotas, texts, who, outside))
        updates = Updates(bot, dispatcher, inbox, who.audience.is_meant_for_us)
        await who.file_groups.refresh()
        await take_over(jobs, submits, pausing, receipts, PaidTasks(database))
        logger.info("Ready: @%s", me.username)
        when_loaded()
        async with asyncio.TaskGroup() as group:
            group.create_task(worker.run())
            group.create_task(updates.run())
            introducing = group.create_task(introduce(bot, texts, facts, settings.admin_ids))
            await stopping.wait()
            logger.info("Stopping: nothing new is begun, what is under way is finished")
            worker.stop()
            updates.stop()
            introducing.cancel()


def _empty_folder(folder: Path) -> Path:
    """Give an empty folder for files being worked on; what a dead predecessor left there is personal data."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    return folder


if __name__ == "__main__":
    sys.exit(main())
