"""Jobs whose task is being followed."""

from bot.job import Job, JobState
from tests.bot.bench import Bench, numbers

LIST = numbers(120)
"""Long enough to show a pace."""


async def checked(bench: Bench, text: str = LIST) -> Job:
    """A job whose task is at the API."""
    job = await bench.submitted(text)
    assert job.state is JobState.CHECKING
    return job


async def due_in(bench: Bench, job: Job) -> float:
    """In how many seconds the job is due."""
    due_at = (await bench.now(job)).due_at
    assert due_at is not None
    return due_at - bench.clock.now()


def assert_doubling(waits: list[float]) -> None:
    """Each wait is twice the one before, give or take a fifth."""
    assert all(0.79 * 2**at <= wait <= 1.21 * 2**at for at, wait in enumerate(waits)), waits
