"""What those who run the bot can ask of it in a terminal: `check`, `backup FILE`, `restore FILE`.

Nothing heavy is imported: these answer at once.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bot.lock import AlreadyRunningError, only_one
from bot.settings import Settings


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line; without a command the bot runs. Ends the process where it is not understood."""
    parser = argparse.ArgumentParser(
        prog="python -m bot",
        description="A Telegram bot that tells a team which phone numbers on a list have a Telegram account. "
        "Without a command it runs until it is asked to stop. Settings come from the environment, see the README.",
    )
    commands = parser.add_subparsers(dest="command", metavar="command")
    commands.add_parser("check", help="look at settings, Telegram, the checking API and the database; change nothing")
    backup = commands.add_parser("backup", help="copy the database, also while the bot runs")
    backup.add_argument("file", type=Path, help="a file that does not exist yet")
    restore = commands.add_parser("restore", help="put a copy in place of the database; the bot has to be stopped")
    restore.add_argument("file", type=Path, help="a file that backup has made")
    return parser.parse_args(arguments)


def run_command(arguments: argparse.Namespace, settings: Settings) -> int:
    """Do what was asked for and give the exit code: 0 where all is well, 1 where not."""
    if arguments.command == "check":
        return _check(settings)
    if arguments.command == "backup":
        return _back_up(arguments.file, settings)
    return _restore(arguments.file, settings)


def _check(settings: Settings) -> int:
    from bot.checkup import check_up

    findings = asyncio.run(check_up(settings))
    for finding in findings:
        print(finding)
    return 0 if all(finding.sound for finding in findings) else 1


def _back_up(file: Path, settings: Settings) -> int:
    from storage.backups import BackupError, back_up

    try:
        jobs = back_up(settings.database_path, file)
    except BackupError as error:
        print(f"No backup was made: {error}", file=sys.stderr)
        return 1
    print(f"{file} holds the database with {jobs} jobs. Keep {settings.data_dir / 'receipts.log'} as well.")
    return 0


def _restore(file: Path, settings: Settings) -> int:
    from storage.backups import BackupError, restore

    try:
        with only_one(settings.data_dir):
            asked = restore(file, settings.database_path, time.time())
    except AlreadyRunningError:
        print("The bot is running: stop it first. Nothing was changed.", file=sys.stderr)
        return 1
    except BackupError as error:
        print(f"Nothing was restored: {error}", file=sys.stderr)
        return 1
    print(
        f"{settings.database_path} is the backup now; what was there is kept beside it, ending in .before-restore. "
        f"Lists that were queued ask again: {asked}. "
        f"What {settings.data_dir / 'receipts.log'} knows to be paid goes on without asking.",
    )
    return 0
