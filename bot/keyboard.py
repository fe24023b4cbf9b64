"""The buttons of a card in Telegram's shape."""

from functools import lru_cache

from aiogram.types import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from bot.cards import Button, Card


def keyboard(card: Card) -> InlineKeyboardMarkup | None:
    """Draw the buttons of a card."""
    return _drawn(card.rows) if card.rows else None


@lru_cache(maxsize=256)
def _drawn(rows: tuple[tuple[Button, ...], ...]) -> InlineKeyboardMarkup:
    """Draw rows of buttons, those of menus once: that takes as long as reading an update."""
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [
                InlineKeyboardButton(
                    text=button.label,
                    callback_data=button.data,
                    url=button.url,
                    style=button.style,
                    copy_text=CopyTextButton(text=button.copies) if button.copies else None,
                )
                for button in row
            ]
            for row in rows
        ],
    )
