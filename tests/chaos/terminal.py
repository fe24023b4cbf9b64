"""Speaking to the terminal."""

import sys


def say(text: str) -> None:
    """Write a line of the report at once."""
    print(text, flush=True)  # noqa: T201  (a program for the terminal)


def murmur(text: str) -> None:
    """Write a line about how it goes."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201  (a program for the terminal)
