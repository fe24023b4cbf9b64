"""`python -m sandbox`: both servers and the bot, to play with; `--demo` plays one conversation by itself."""

import argparse
import asyncio
import io
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from sandbox.demo import NUMBERS_PER_SECOND, UNDETERMINED, play
from sandbox.group_story import SceneMissedError, draw_all
from sandbox.narration import NARRATIONS
from sandbox.page import PORT, free_port
from sandbox.rehearsal import BotNotReadyError, Rehearsal, open_rehearsal
from sandbox.team import TEAM_IDS, add_team

HOW_TO = """\
The sandbox is open: a local Telegram, a local checking API, and the bot between them.

  In a browser   {telegram}/

  Bot API        {telegram}
  Checking API   {checker}
  Bot's log      {log}
  Person         {name}, person_id {person} (an admin of the bot), chat_id {chat}

The same without a browser: write to the bot, send it a list, see what it says, press a button:

  curl {telegram}/sandbox/send_text -H 'Content-Type: application/json' \\
       -d '{{"person_id": {person}, "chat_id": {chat}, "text": "/start"}}'
  curl {telegram}/sandbox/send_document -F file=@sandbox/sample_list.txt \\
       -F person_id={person} -F chat_id={chat}
  curl '{telegram}/sandbox/messages?chat_id={chat}'
  curl {telegram}/sandbox/press -H 'Content-Type: application/json' \\
       -d '{{"person_id": {person}, "chat_id": {chat}, "message_id": ID, "button": "LABEL"}}'

What was charged: curl {control}/ledger
All routes, and faults to arm: sandbox/telegram_control.py, sandbox/check_control.py, sandbox/faults.py

Ctrl-C ends it and leaves nothing behind."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; give the exit code."""
    options = _options(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # also where the locale is C
    try:
        return asyncio.run(_until_asked_to_stop(options))
    except OSError as error:  # a port that is taken, a folder that cannot be written
        print(f"The sandbox cannot go on: {error}", file=sys.stderr)
        return 1


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--demo", action="store_true", help="play one whole conversation and end")
    parser.add_argument("--pictures", type=Path, metavar="FOLDER", help="draw how a team sets up its group, and end")
    parser.add_argument("--language", choices=sorted(NARRATIONS), default="en", help="of the person's Telegram")
    parser.add_argument("--folder", type=Path, default=Path("demo"), help="where the demo saves the workbook")
    where = f"of the Bot API server and the page; {PORT}, or any free one"
    parser.add_argument("--telegram-port", type=_port, help=where)
    parser.add_argument("--check-port", type=_port, default=0, help="of the checking API; any free one")
    parser.add_argument("--set", type=_setting, action="append", default=[], metavar="NAME=VALUE", help="for the bot")
    return parser.parse_args(arguments)


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port < 2**16:
        raise ValueError
    return port


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise ValueError
    return name, value


async def _until_asked_to_stop(options: argparse.Namespace) -> int:
    """Run until it is done, or until SIGINT, SIGTERM or SIGHUP; then close what is open."""
    loop, this = asyncio.get_running_loop(), asyncio.current_task()
    asked: list[int] = []

    def stop(number: int) -> None:
        if not asked and this is not None:  # asking twice must not break the closing
            asked.append(number)
            this.cancel()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop, number)
    try:
        if options.demo:
            return await play(options.folder, options.language)
        if options.pictures:
            return await _draw(options.pictures)
        return await _stay_open(options)
    except asyncio.CancelledError:
        if not asked:
            raise
        return 128 + asked[0] if options.demo or options.pictures else 0


async def _draw(folder: Path) -> int:
    """Draw the pictures of the page for admins."""
    try:
        for path in await draw_all(folder):
            print(path)
    except (BotNotReadyError, SceneMissedError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


async def _stay_open(options: argparse.Namespace) -> int:
    """Keep both servers and the bot running for as long as the bot lives."""
    person = NARRATIONS[options.language].person
    port = free_port() if options.telegram_port is None else options.telegram_port
    async with open_rehearsal(
        person,
        options.language,
        ports=(port, options.check_port),
        admin=True,
        settings={"ALLOWED_IDS": ",".join(map(str, TEAM_IDS)), **dict(options.set)},
        numbers_per_second=NUMBERS_PER_SECOND,
        share_undetermined=UNDETERMINED,
    ) as rehearsal:
        try:
            await rehearsal.start_bot()
        except BotNotReadyError as error:
            return _failed(str(error), rehearsal)
        add_team(rehearsal.telegram, rehearsal.person, options.language)
        print(_how_to(rehearsal), flush=True)
        code = await rehearsal.bot.ended()
        return _failed(f"The bot ended with exit code {code}.", rehearsal)


def _how_to(rehearsal: Rehearsal) -> str:
    return HOW_TO.format(
        telegram=rehearsal.telegram.url,
        checker=rehearsal.checker.url,
        control=rehearsal.checker.control_url,
        log=rehearsal.bot.log,
        name=rehearsal.person.first_name,
        person=rehearsal.person.id,
        chat=rehearsal.chat_id,
    )


def _failed(what: str, rehearsal: Rehearsal) -> int:
    print(what, "The last lines of its log:", *rehearsal.bot.last_lines(), sep="\n", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
