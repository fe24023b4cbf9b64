"""What functions ask for, found out once: aiogram asks it of each handler and filter whenever a dispatcher is built."""

import inspect
from collections.abc import Hashable
from types import FunctionType
from typing import Any

_REAL = inspect.signature
_FOUND: dict[Hashable, inspect.Signature] = {}


def signature(function: Any, **options: Any) -> inspect.Signature:
    """Stand where ``inspect.signature`` does. Functions that the same lines have made anew ask for the same."""
    plain = getattr(function, "__func__", function)
    if options or not isinstance(plain, FunctionType) or _has_more_than_its_lines(plain):
        return _REAL(function, **options)
    key = (plain.__code__, plain is function, tuple(plain.__annotations__.items()))
    try:
        return _FOUND[key]
    except KeyError:
        return _FOUND.setdefault(key, _REAL(function))
    except TypeError:  # an annotation that cannot be a key
        return _REAL(function)


def _has_more_than_its_lines(function: FunctionType) -> bool:
    """Say whether something besides the lines says what is asked for: a default, or what the function stands for."""
    return bool(function.__defaults__ or function.__kwdefaults__ or function.__dict__)
