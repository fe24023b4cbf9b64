"""The buttons of a card in Telegram's shape."""

from aiogram.types import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from bot.cards import Card


def keyboard(card: Card) -> InlineKeyboardMarkup | None:
    """Draw the buttons of a card."""
    if not card.rows:
        return None
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
            for row in card.rows
        ],
    )
