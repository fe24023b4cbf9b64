"""What a world leaves behind is cleared away before the next test, which it would disturb."""

from tests.simulation.stage import clear_away


def pytest_runtest_logfinish(nodeid: str) -> None:
    """Come last: until here pytest holds what was logged, and with it whoever was at work."""
    if "test_simulation.py" in nodeid or "simulation/test_stories.py" in nodeid:
        clear_away()
