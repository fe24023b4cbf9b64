"""The rules: what people and the world may do next, in any order and at any moment."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition

from tests.running import API_KEY
from tests.simulation.machine import COUNT, MOST_LISTS, PLACES, WRITINGS, Machine, step
from tests.simulation.people import Writing, serial_of
from tests.simulation.troubles import API, SUBMIT, TELEGRAM, Trouble

WHICH = st.integers(0, 30)
"""Which of those that are there, counted from the newest, and from the beginning again where there are fewer."""
TIMES = st.sampled_from([1, 1, 1, 3, 7])
COMMANDS = ("/jobs", "/cancel", "/help", "/country RU", "/country", "/language", "/privacy", "/forget", "/start")
OF_ADMINS = ("/pause", "/resume", "/unsure", "/resume", "/resume")
OTHER_BUTTONS = (
    *("add", "region", "leave", "file", "countries", "back", "rejected", "yes", "undet", "forget", "lang"),
    *("newly", "gone", "regions", "picture", "cols", "col", "jobs", "job", "show", "drop", "dropit", "set"),
)
DECISIONS = ("check", "new", "again", "close", "cancel", "open", "recheck", "wait")
SETTINGS = ("set:ask:100", "set:ask:100", "set:ask:", "set:keep:1", "set:keep:30", "set:picture:on", "set:format:csv")
"""What people choose on the card of /settings."""
LONG = st.sampled_from([600, 3600, 13 * 3600, 30 * 3600, 80 * 3600, 8 * 86_400, 40 * 86_400])
"""Past a pause, past the hours in the queue, past an update's life, past the expiry, past a stalled task, past the
retention."""
CHANGES = ("blocks", "unblocks", "unblocks", "moves", "forbids", "allows")


class Simulation(Machine):
    """A world of which hypothesis chooses what happens next."""

    # people

    @step(place=PLACES, count=COUNT, writing=st.sampled_from(WRITINGS), is_file=st.booleans())
    def list_comes(self, *, place: int, count: int, writing: Writing, is_file: bool) -> None:
        self.hand_in(place, count, writing, is_file=is_file)

    @step(place=PLACES, gaps=st.lists(st.sampled_from([0.0, 0.5, 2.5, 3.5]), min_size=1, max_size=2))
    def list_comes_in_pieces(self, place: int, gaps: list[float]) -> None:
        for gap in gaps:
            self.hand_in(place, 2)
            self.world.loop.run_for(gap)
        self.hand_in(place, 1)

    @step(which=WHICH, place=PLACES)
    def same_list_comes(self, which: int, place: int) -> None:
        sheet = self.sheet(which)
        at, person = self.somebody(place)
        if sheet is not None and len(self.people.sheets) < 2 * MOST_LISTS:
            self.tell(f"{person.first_name} sends the numbers of list {sheet.serial} again into {at.name}")
            self.people.send_same(sheet, at, person)

    @step(which=WHICH, count=COUNT)
    def list_comes_again_with_more(self, which: int, count: int) -> None:
        sheet = self.sheet(which)
        if sheet is not None:
            self.hand_in_more(sheet, count)

    @step(place=PLACES, count=COUNT)
    def table_comes(self, place: int, count: int) -> None:
        at, person = self.somebody(place)
        if self.people.serials < MOST_LISTS and self.people.send_table(at, person, count):
            self.tell(f"{person.first_name} sends table {self.people.serials} into {at.name}: {count} rows")

    @step(place=PLACES, chosen=st.sampled_from(SETTINGS))
    def settings(self, place: int, chosen: str) -> None:
        at, person = self.somebody(place)
        self.people.say(at, person, "/settings@number_check_bot" if at.is_group else "/settings")
        self.world.loop.run_for(1.0)
        cards = [message for _, message, _, _ in self.people.buttons("set", at)]
        if cards:
            self.tell(f"{at.members[0].first_name} presses {chosen} in {at.name}")
            self.people.press(at.members[0], cards[0], chosen, chosen)

    @step(which=WHICH, more=st.integers(0, 2), fewer=st.integers(0, 2))
    def edit(self, which: int, more: int, fewer: int) -> None:
        sheet = self.sheet(which)
        if sheet is not None and self.people.edit(sheet, more, fewer):
            self.tell(f"{sheet.person.first_name} edits list {sheet.serial}: {more} more, {fewer} fewer")

    @step(which=st.integers(0, 5), action=st.sampled_from(["check", *DECISIONS]))
    def decide(self, which: int, action: str) -> None:
        self.press(which, (action,))

    @step(which=WHICH)
    def press_twice(self, which: int) -> None:
        for _ in range(2):
            self.press(which, ("check", "new", "again", "cancel", "open"))

    @step(which=WHICH)
    def press_something(self, which: int) -> None:
        self.press(which, OTHER_BUTTONS)

    @step(which=WHICH, who=st.integers(0, 3))
    def press_what_is_others(self, which: int, who: int) -> None:
        self.press(which, (*DECISIONS, "task"), self.people.everybody[who])

    @step(which=WHICH, who=st.integers(0, 3))
    def press_what_is_old(self, which: int, who: int) -> None:
        person = self.people.everybody[who]
        place = next(one for one in self.people.places if person in one.members)
        mine, presses = self.people.telegram.messages(place.chat_id), self.people.presses
        if mine and presses:
            old = presses[-1 - which % len(presses)]
            self.tell(f"{person.first_name} presses an old {old.label!r} ({old.data}) in {place.name}")
            self.people.press(person, mine[-1], old.label, old.data)

    @step(place=PLACES, said=st.sampled_from(COMMANDS))
    def command(self, place: int, said: str) -> None:
        at, person = self.somebody(place)
        name, _, more = said.partition(" ")
        self.tell(f"{person.first_name} writes {said} in {at.name}")
        self.people.say(at, person, f"{name}@number_check_bot {more}" if at.is_group else said)

    @step(said=st.sampled_from(OF_ADMINS))
    def command_of_an_admin(self, said: str) -> None:
        self.tell(f"Ada writes {said}")
        self.people.say(self.people.places[3], self.people.admin, said)

    @step(which=WHICH, is_number=st.booleans())
    def forget(self, *, which: int, is_number: bool) -> None:
        sheet = self.sheet(which)
        if sheet is None or sheet.chat_id != sheet.place.chat_id:
            return
        if is_number:
            number = max(sheet.numbers)
            self.tell(f"Ada has {number} forgotten")
            self.people.erased.add(number)
            self.people.say(self.people.places[3], self.people.admin, f"/forget {number}")
        else:
            self.tell(f"{sheet.person.first_name} has list {sheet.serial} forgotten")
            self.people.say(sheet.place, sheet.person, "/forget@number_check_bot", reply_to=sheet.message_id)

    @step(which=WHICH, names=st.sampled_from(["the last", "any", "an invented"]))
    def name_a_task(self, which: int, names: str) -> None:
        tokens = self.press(which, ("task", "decide", "use"), self.people.admin)
        self.world.loop.run_for(0.5)
        jobs = [self.watch.jobs[token] for token in tokens]
        places = {place.name for job in jobs for place in self.people.places if place.is_of(job)}
        # Whoever names a task of another chat shows that chat's numbers: nobody but them can know better.
        ledger = [
            one for one in self.world.checker.ledger if self.people.places_of(serial_of(one.numbers[0])) == places
        ]
        known = {"the last": ledger[-1], "any": ledger[which % len(ledger)]} if ledger else {}
        task_id = known[names].task_id if names in known else "cs9viu7i61pkfs4oavvg"
        self.tell(f"Ada names {names} task, {task_id}")
        self.people.say(self.people.places[3], self.people.admin, task_id)

    # the world

    @step(balance=st.sampled_from([None, None, 5, 5, 0, "0.0008"]))
    def money(self, balance: Any) -> None:
        self.tell(f"the account holds {balance}")
        self.world.checker.change(balance=balance)

    @step(key=st.sampled_from([API_KEY, API_KEY, API_KEY, "another-key"]), minimum=st.sampled_from([0, 0, 0, 4]))
    def api_changes(self, key: str, minimum: int) -> None:
        self.tell(f"the API takes lists of {minimum} and {'the' if key == API_KEY else 'another'} key")
        self.world.checker._api_key = key
        self.world.checker.change(minimum=minimum)

    @step(trouble=st.sampled_from(API), times=TIMES)
    def api_fails(self, trouble: Trouble, times: int) -> None:
        self.tell(f"armed {times} times: {trouble}")
        self.world.weather.arm(trouble[0], times, **trouble[1])

    @step(place=PLACES, trouble=st.sampled_from(SUBMIT), dies_in=st.sampled_from([None, None, 3, 8, 15, 25]))
    def submit_fails(self, place: int, trouble: Trouble, dies_in: int | None) -> None:
        self.hand_in(place, 3)
        self.world.loop.run_for(1.0)
        self.tell(f"armed: {trouble}" + (f", and the bot will be killed in {dies_in} points" if dies_in else ""))
        self.world.weather.arm(trouble[0], 1, **trouble[1])
        if self.world.life is not None and dies_in is not None:
            self.world.life.dies_at = self.world.life.points + dies_in
        self.press(0, ("check",), most=2)
        self.world.loop.run_for(3.0)

    @step(trouble=st.sampled_from(TELEGRAM), times=TIMES)
    def telegram_fails(self, trouble: Trouble, times: int) -> None:
        self.tell(f"armed {times} times: {trouble}")
        self.world.weather.arm(trouble[0], times, **trouble[1])

    @step(is_bad=st.booleans())
    def weather_changes(self, *, is_bad: bool) -> None:
        self.tell(f"the weather turns {'bad' if is_bad else 'good'}")
        self.world.weather.is_bad = is_bad

    @step(
        server=st.sampled_from(["telegram", "checker"]),
        how=st.sampled_from(["refusing", "silent"]),
        seconds=st.sampled_from([0.5, 5.0, 40.0]),
    )
    def server_is_away(self, server: str, how: str, seconds: float) -> None:
        self.tell(f"{server} is {how} for {seconds} s")
        port, ports = getattr(self.world, server).port, getattr(self.world.loop.network, how)
        ports.add(port)
        self.go_on("check")
        self.world.loop.run_for(seconds)
        ports.discard(port)

    @step(seconds=st.sampled_from([0.5, 8.0, 15.0]))
    def database_is_locked(self, seconds: float) -> None:
        self.tell(f"the database is locked for {seconds} s")
        with self.world.locked():
            self.go_on("check")
            self.world.loop.run_for(seconds)

    @step(
        what=st.sampled_from(["blocks", "unblocks", "unblocks", "moves", "forbids", "allows"]), place=st.integers(0, 2)
    )
    def chat_changes(self, what: str, place: int) -> None:
        self.tell(f"{self.people.places[place].members[0].first_name} {what} {self.people.places[place].name}")
        self.people.change_chat(self.people.places[place], what)

    @step(seconds=st.sampled_from([1.0, 5.0, 20.0, 60.0]))
    def time_passes(self, seconds: float) -> None:
        self.tell(f"{seconds} s pass")
        self.world.loop.run_for(seconds)

    @step(seconds=LONG)
    def much_time_passes(self, seconds: float) -> None:
        self.tell(f"{seconds / 3600:.1f} h pass")
        self.world.wait(seconds)

    # the machine

    @step(people_first=True, down=st.sampled_from([0.0, 0.0, 30.0]), again=st.sampled_from([None, None, 5, 20, 45]))
    def kill(self, down: float, again: int | None) -> None:
        self.tell(f"the bot is killed for {down} s" + (f", and again {again} points after its start" if again else ""))
        self.world.kill()
        self.world.loop.run_for(down)
        self.world.start(dies_at=again)

    @step(points=st.integers(1, 60))
    def kill_at_a_point(self, points: int) -> None:
        life = self.world.life
        if life is not None:
            life.dies_at = life.points + points
        self.tell(f"the bot will be killed in {points} points")

    @step(people_first=True)
    def stop(self) -> None:
        self.tell("the bot is asked to stop")
        self.world.stop()

    @step()
    def back_up(self) -> None:
        self.tell("a backup is made")
        self.world.back_up()

    @precondition(lambda self: not self.is_idle and self.world.saved is not None)
    @step(people_first=True)
    def restore(self) -> None:
        self.tell("the backup is put back")
        self.world.kill()
        self.world.loop.run_for(0.5)
        self.world.restore()
        self.watch.begin_an_era()

    @step(seconds=st.sampled_from([-7200, -90, 90, 7200]))
    def clock_jumps(self, seconds: int) -> None:
        self.world.clock_error = 0.0 if self.world.clock_error else float(seconds)
        self.tell(f"the bot's clock is wrong by {self.world.clock_error} s")
