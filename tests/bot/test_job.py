"""The picture of the states holds together."""

from bot.job import CHARGED, MOVES, TERMINAL, JobState


def test_every_state_but_the_first_can_be_reached() -> None:
    reached = {JobState.READING}
    while more := {new for old, new in MOVES if old in reached} - reached:
        reached |= more
    assert reached == set(JobState)


def test_each_edge_has_a_letter_of_its_own() -> None:
    assert len(set(MOVES.values())) == len(MOVES)


def test_no_job_leaves_a_terminal_state_except_undeliverable() -> None:
    assert {old for old, _ in MOVES if old in TERMINAL} == {JobState.UNDELIVERABLE}


def test_every_other_state_has_a_way_out() -> None:
    assert {old for old, _ in MOVES} >= set(JobState) - TERMINAL


def test_only_an_accepted_submit_leads_to_a_charged_state() -> None:
    # Edge v: nothing of the list is new, nobody is asked, and nothing is charged.
    ways_in = {(old, new) for old, new in MOVES if new in CHARGED and old not in CHARGED}
    asked = {(JobState.SUBMITTING, JobState.CHECKING), (JobState.UNSURE, JobState.CHECKING)}
    assert ways_in == asked | {(JobState.QUEUED, JobState.DELIVERING)}
