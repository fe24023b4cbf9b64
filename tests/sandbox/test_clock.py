import time

from sandbox.clock import Clock


def test_a_clock_at_speed_nought_moves_by_hand_alone() -> None:
    clock = Clock(speed=0, start=1000.0)
    clock.advance(5)
    assert clock.now() == clock.now() == 1005.0


def test_a_clock_that_was_not_set_tells_the_real_time() -> None:
    assert abs(Clock().now() - time.time()) < 1


def test_a_change_of_speed_does_not_jump() -> None:
    clock = Clock(speed=0, start=1000.0)
    clock.run(10**6)
    assert clock.speed == 10**6
    assert clock.now() > 1000.0
    clock.run(0)
    assert clock.now() == clock.now() < 10**9
