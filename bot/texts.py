"""Every sentence a person reads, by language, from bot/locales/en.ftl and ru.ftl.

Also how numbers, money, time and countries are written in it.

Plurals and grouping are Unicode CLDR's (through Babel). What is put into a sentence is escaped for Telegram's HTML.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_currency, format_decimal, get_currency_precision, get_currency_symbol
from fluent.runtime import FluentBundle, FluentResource

LANGUAGES = ("en", "ru")
LOCALES = Path(__file__).parent / "locales"
MOMENT_SECONDS = 45.0
"""Less than this is said to be less than a minute."""
ROUGH_HOURS = 10
"""From here on nobody asks for the minutes."""
INTERNATIONAL = "001"
"""The region of numbers that belong to no country (+800, +883 ...): ISO's and phonenumbers' code for the world."""


class SentenceError(Exception):
    """A sentence is missing, or was asked for without a word it needs. A bug."""


class Html(str):
    """A text that is HTML already and must not be escaped again."""

    __slots__ = ()


def language_of(code: str | None) -> str:
    """Choose the language for Telegram's ``language_code`` (IETF tag, may be missing)."""
    return "ru" if (code or "").lower().split("-")[0] == "ru" else "en"


@dataclass(frozen=True)
class Texts:
    """One language."""

    language: str
    bundle: FluentBundle

    @cached_property
    def locale(self) -> Locale:
        """The language's rules for numbers, dates and names."""
        return Locale(self.language)

    def say(self, sentence: str, **words: object) -> Html:
        """Give a sentence for a message: HTML, every word escaped unless it is Html itself."""
        return Html(self._format(sentence, {name: _escaped(word) for name, word in words.items()}))

    def plain(self, sentence: str, **words: object) -> str:
        """Give a sentence for a button, an alert or a file: no HTML."""
        return self._format(sentence, words)

    @cached_property
    def _fixed(self) -> dict[str, str]:
        """The sentences that need no words, as far as they were said."""
        return {}

    def _format(self, sentence: str, words: Mapping[str, object]) -> str:
        if words:
            return self._formatted(sentence, words)
        if sentence not in self._fixed:
            self._fixed[sentence] = self._formatted(sentence, words)
        return self._fixed[sentence]

    def _formatted(self, sentence: str, words: Mapping[str, object]) -> str:
        pattern = self.bundle.get_message(sentence).value if self.bundle.has_message(sentence) else None
        if pattern is None:
            raise SentenceError(sentence)
        text, errors = self.bundle.format_pattern(pattern, dict(words))
        if errors:
            raise SentenceError(sentence, errors)
        return str(text)

    def number(self, count: int) -> str:
        """Write a count with the language's grouping."""
        return format_decimal(count, locale=self.locale)

    def percent(self, part: int, whole: int, *, digits: int = 1) -> str:
        """Write a share, as ``62.0 %``. Not quite all never reads 100 %, and a little never reads 0 %."""
        share = Decimal(100 * part) / whole if whole else Decimal(0)
        step = Decimal(1).scaleb(-digits)
        rounded = share.quantize(step)
        if 0 < part < whole:
            rounded = min(max(rounded, step), 100 - step)
        written = format_decimal(rounded, format="0." + "0" * digits if digits else "0", locale=self.locale)
        return f"{written}\xa0%"

    def money(self, amount: Decimal, currency: str) -> str:
        """Write an amount of money; what is under a cent is called so instead of 0.00."""
        price = self.price(amount, currency)
        return self.plain("cost-under-a-cent", cent=price["price"]) if price["size"] == "tiny" else price["price"]

    def balance(self, amount: Decimal, currency: str) -> str:
        """Write what is on an account, also what is under a cent of it: a small list costs no more."""
        if amount == round(amount, get_currency_precision(currency)):
            return self._money(amount, currency)
        pattern = self._money_pattern(currency) or self.locale.currency_formats["standard"].pattern
        exact = pattern.replace("0.00", "0.00####")
        return format_currency(amount, currency, format=exact, locale=self.locale, currency_digits=False)

    def price(self, amount: Decimal, currency: str) -> dict[str, str]:
        """Give ``price`` and ``size``, the words of a sentence about a price: about so much, or less than so much."""
        cent = Decimal(1).scaleb(-get_currency_precision(currency))
        tiny = 0 < amount < cent
        return {"price": self._money(cent if tiny else amount, currency), "size": "tiny" if tiny else "usual"}

    def _money(self, amount: Decimal, currency: str) -> str:
        return format_currency(amount, currency, format=self._money_pattern(currency), locale=self.locale)

    def _money_pattern(self, currency: str) -> str | None:
        # Also in Russian the dollar's sign stands before the amount in the texts of this trade.
        # What has no sign of its own has letters, and letters stand apart from digits.
        letters = get_currency_symbol(currency, locale=self.locale)[-1:].isalpha()
        return "¤#,##0.00" if currency == "USD" else "¤\xa0#,##0.00" if letters and self.language == "en" else None

    def duration(self, seconds: float) -> str:
        """Write a length of time in minutes or hours, rounded."""
        minutes = max(round(seconds / 60), 1)
        if seconds < MOMENT_SECONDS:
            return self.plain("duration-moment")
        hours, rest = divmod(minutes, 60)
        if not hours:
            return self.plain("duration-minutes", minutes=minutes)
        if not rest or hours >= ROUGH_HOURS:
            return self.plain("duration-whole-hours", hours=round(minutes / 60))
        return self.plain("duration-hours", hours=hours, minutes=rest)

    def day(self, at: float) -> str:
        """Write the day of a time (seconds since 1970), UTC."""
        return format_date(datetime.fromtimestamp(at, UTC), format="medium", locale=self.locale)

    def short_day(self, at: float) -> str:
        """Write the day of a time for a button, UTC: what has a button is not as old as a year."""
        return format_skeleton("MMMd", datetime.fromtimestamp(at, UTC), locale=self.locale)

    def month(self, at: float) -> str:
        """Name the month of a time (seconds since 1970), UTC."""
        return format_skeleton("yMMMM", datetime.fromtimestamp(at, UTC), locale=self.locale)

    def clock(self, at: float) -> str:
        """Write the time of day (seconds since 1970) in UTC, named as such: nobody's zone is known."""
        return format_time(datetime.fromtimestamp(at, UTC), format="HH:mm", locale=self.locale) + " UTC"

    def day_there(self, at: float) -> Html:
        """Write the day of a time for a message: in each reader's zone where their client can, else as ``day``."""
        return _there(at, "D", self.day(at))

    def clock_there(self, at: float) -> Html:
        """Write the time of day for a message: in each reader's zone where their client can, else as ``clock``."""
        return _there(at, "t", self.clock(at))

    def country(self, region: str) -> str:
        """Name a country by its ISO code."""
        if region == INTERNATIONAL:
            return self.plain("sheet-no-country")
        return str(self.locale.territories.get(region, region))

    def flagged(self, region: str) -> str:
        """Name a country with its flag."""
        return f"{flag(region)} {self.country(region)}".strip()

    def region_named(self, text: str) -> str | None:
        """Find the country that a person means by its name in any of our languages or by its two letters."""
        wanted = text.strip().casefold()
        return _REGIONS_BY_NAME.get(wanted)


def flag(region: str) -> str:
    """Give the flag of a country: its ISO code in regional indicator letters; nothing for the world."""
    if not re.fullmatch("[A-Z]{2}", region):
        return ""
    return "".join(chr(0x1F1E6 + ord(letter) - ord("A")) for letter in region)


@cache
def load_texts() -> Mapping[str, Texts]:
    """Read the locale files that stand beside this file: a tenth of a second, once in a process."""
    texts = {}
    for language in LANGUAGES:
        bundle = FluentBundle([language], use_isolating=False)
        bundle.add_resource(FluentResource((LOCALES / f"{language}.ftl").read_text(encoding="utf-8")))
        texts[language] = Texts(language, bundle)
    return texts


def _there(at: float, form: str, else_said: str) -> Html:
    """Mark a time for clients to write (https://core.telegram.org/bots/api#date-time-entity-formatting)."""
    return Html(f'<tg-time unix="{int(at)}" format="{form}">{else_said}</tg-time>')


def _escaped(word: object) -> object:
    if isinstance(word, str) and not isinstance(word, Html):
        return html.escape(word, quote=False)
    return word


def _names() -> dict[str, str]:
    """Map the names of countries, in our languages, and their ISO codes to the ISO codes."""
    names = {}
    for language in LANGUAGES:
        for region, name in Locale(language).territories.items():
            if re.fullmatch("[A-Z]{2}", region):
                names[str(name).casefold()] = region
                names[region.casefold()] = region
    names |= {"usa": "US", "uk": "GB", "сша": "US", "рф": "RU", "оаэ": "AE", "uae": "AE", "england": "GB"}
    return names


_REGIONS_BY_NAME = _names()
