"""What the checking API and Telegram may answer, row by row, and the tests that show what the bot does then."""

from tests.tables.provider import RESULT, STATUS, SUBMIT
from tests.tables.row import Row
from tests.tables.telegram import ERRORS

TABLES: dict[str, tuple[Row, ...]] = {
    "A submit to the checking API": SUBMIT,
    "A question about a task": STATUS,
    "The result of a task": RESULT,
    "Telegram's errors": ERRORS,
}
