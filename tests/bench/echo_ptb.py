"""The bare echo bot of python-telegram-bot: `python -m tests.bench.echo_ptb URL TOKEN`. It stores nothing."""

import sys

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters


async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Say it back."""
    if update.message is not None:
        await update.message.reply_text(update.message.text or "")


def main(url: str, token: str) -> None:
    """Run until killed."""
    application = Application.builder().token(token).base_url(f"{url}/bot").build()
    application.add_handler(MessageHandler(filters.ALL, echo))
    application.run_polling(stop_signals=None)


if __name__ == "__main__":
    main(*sys.argv[1:])
