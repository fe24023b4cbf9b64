"""How the checking API of the sandbox behaves: its pace, its money, the shape of its answers and results."""

from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin

BalanceShape = Literal["balance", "credit", "number", "off"]
SubmitShape = Literal["full", "short"]
ResultsAt = Literal["same", "port", "localhost"]
ResultForm = Literal["xlsx", "csv", "zip_csv", "zip_txt", "zip_xlsx", "zip_all"]
NumberForm = Literal["e164", "bare", "int", "float"]
Undetermined = Literal["missing", "word", "both"]
Word = str | int | bool

KINDS: dict[Any, Any] = {int: int, float: int | float, str: str, bool: bool}
SHARES = ("share_yes", "share_undetermined")


class WrongOptionError(ValueError):
    """An option of the checking API has a value it cannot have."""


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """Every knob of the checking API; the defaults are the page the product is built for.

    Pace: ``numbers_per_second`` after ``pending_seconds`` in the queue, as they stand when the task is created.
    Limits: ``minimum`` and ``max_rows`` of a list. Money: ``balance`` (None: it never runs out),
    ``price_per_number``, ``currency``, ``amounts`` (whether answers name what a task costs), ``balance_shape``.
    Answers: ``submit_shape`` ("short" is the second one: 202, message, total), ``submit_status`` (None: by the shape),
    ``fraction_digits`` of timestamps. Results: ``results_at`` (the API's own port, a second port, or the name
    localhost), ``link_seconds`` until a link expires, then what the file looks like. Verdicts: ``words`` for yes and
    no, shares from 0 to 1, and how an undetermined number shows.
    """

    numbers_per_second: float = 12.0
    pending_seconds: float = 1.0

    minimum: int = 0
    max_rows: int = 10_000_000

    balance: Decimal | None = None
    price_per_number: Decimal = Decimal("0.00015")
    currency: str = "USD"
    amounts: bool = False
    balance_shape: BalanceShape = "balance"

    submit_shape: SubmitShape = "full"
    submit_status: int | None = None
    fraction_digits: int = 9

    results_at: ResultsAt = "same"
    link_seconds: float = 3600.0
    result_form: ResultForm = "xlsx"
    number_column: str | None = None
    verdict_column: str | None = None
    words: tuple[Word, Word] = ("yes", "no")
    number_form: NumberForm = "e164"
    shuffled: bool = False
    extra_columns: bool = False
    upper_case_headers: bool = False
    verdict_first: bool = False
    wrong_dimension: bool = False
    registered_name: str = "activated.txt"

    share_yes: float = 0.6
    share_undetermined: float = 0.0
    undetermined_as: Undetermined = "both"
    undetermined_word: Word = "unknown"

    def __post_init__(self) -> None:
        for name in ("balance", "price_per_number"):
            value = getattr(self, name)
            if value is not None and not isinstance(value, Decimal):
                object.__setattr__(self, name, Decimal(str(value)))
        object.__setattr__(self, "minimum", self.minimum or 0)
        object.__setattr__(self, "words", tuple(self.words))
        self._check()

    def _check(self) -> None:
        for option in fields(self):
            value = getattr(self, option.name)
            if get_origin(option.type) is Literal and value not in get_args(option.type):
                raise WrongOptionError(f"{option.name} is one of {', '.join(get_args(option.type))}, not {value!r}")
            if isinstance(option.type, type) and not isinstance(value, KINDS.get(option.type, object)):
                raise WrongOptionError(f"{option.name} is {value!r}, that is no {option.type.__name__}")
        if self.numbers_per_second <= 0:
            raise WrongOptionError("numbers_per_second has to be above 0")
        if self.fraction_digits not in range(3, 10):
            raise WrongOptionError("fraction_digits is between 3 and 9")
        if len(self.words) != len(("yes", "no")):
            raise WrongOptionError("words are two: the one for yes and the one for no")
        for name in SHARES:
            if not 0 <= getattr(self, name) <= 1:
                raise WrongOptionError(f"{name} is between 0 and 1")

    def as_json(self) -> dict[str, Any]:
        """Give the options as the control route shows them; money as text."""
        shown = {option.name: getattr(self, option.name) for option in fields(self)}
        return {name: str(value) if isinstance(value, Decimal) else value for name, value in shown.items()}
