"""What all tests share."""

import gc

import pytest
from hypothesis import settings

# A machine that is busy with something else makes a test slow, not wrong.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

# A third of the time it takes to find the tests would go into looking for garbage among what stays until the end.
gc.disable()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Look for garbage from now on, and only in what the tests make."""
    gc.freeze()
    gc.enable()
