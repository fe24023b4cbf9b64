from bot.job import JobState
from storage.column_choices import ColumnChoices
from tests.storage.building import NOW, Store, in_state


async def test_a_choice_lets_the_list_be_read_again(store: Store) -> None:
    choices = ColumnChoices(store.database)
    job = (await in_state(store, JobState.CONFIRMING)).job
    shown = await choices.show(job, others=True, now=NOW)
    assert shown is not None
    assert (shown.choosing_column, shown.list_revision) == (True, job.list_revision)
    chosen = await choices.choose(shown, "0.0.2", NOW)
    assert chosen is not None
    assert (chosen.column_choice, chosen.choosing_column) == ("0.0.2", False)
    assert (chosen.list_revision, chosen.due_at) == (job.list_revision + 1, NOW)


async def test_a_list_that_has_changed_since_is_left_alone(store: Store) -> None:
    choices = ColumnChoices(store.database)
    job = (await in_state(store, JobState.CONFIRMING)).job
    assert await choices.choose(job, "0.0.2", NOW) is not None
    assert await choices.choose(job, "0.0.1", NOW) is None


async def test_after_the_press_nothing_is_chosen(store: Store) -> None:
    choices = ColumnChoices(store.database)
    job = (await in_state(store, JobState.QUEUED)).job
    assert await choices.show(job, others=True, now=NOW) is None
    assert await choices.choose(job, "0.0.2", NOW) is None


async def test_a_list_that_is_opened_again_keeps_its_choice(store: Store) -> None:
    job = (await in_state(store, JobState.CONFIRMING)).job
    assert await ColumnChoices(store.database).choose(job, "0.0.2", NOW) is not None
    cancelled = await store.moves.cancel(await store.job(job.id), NOW)
    assert cancelled is not None
    again = await store.lists.open_again(cancelled, NOW, language="en", person=(1, "Anna"))
    assert again is not None
    assert again.column_choice == "0.0.2"
