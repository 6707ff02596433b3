"""One pupil against 34 classmates (CWE-307, CWE-645): nobody is found out, and nobody is locked out."""

import random
import re
import threading
import time
from collections import Counter

from benchmarks.client import Connection, Person
from tests.attacks.real_server import CARD, SIT, WAIT, Harbour, visitor
from tests.attacks.volume import some

TRIES = some(374, 10_000)
HANDS = 4
SOON = 2.0  # seconds
MOST = 0.005  # of a class and day
FOUND_BY_CHANCE = 1 / 16**4


class Hostile:
    """Tries wrong pictures on every classmate's seat, from devices of every kind, as fast as it can."""

    def __init__(self, made: Harbour, victims: list[dict]) -> None:
        self.made, self.victims, self.said = made, victims, Counter()
        self.left = iter(range(TRIES))
        self.lock, self.goes_on = threading.Lock(), True
        self.hands = [threading.Thread(target=self.work, args=(number,)) for number in range(HANDS)]

    def work(self, number: int) -> None:
        one = self.made.line()
        person = visitor(one)
        no_device = {name: value for name, value in person.cookies.items() if "csrf" in name}
        while self.goes_on:
            with self.lock:
                turn = next(self.left, None)
            if turn is None:
                return
            if number % 2:  # half of the tries come from a device that nobody has seen
                person.cookies = dict(no_device)
            seat = self.victims[turn % len(self.victims)]
            wrong = [random.randrange(16) for _place in range(4)]
            if wrong == list(seat["pictures"]):
                wrong[0] = (wrong[0] + 1) % 16
            status, _body = one.post(person, SIT, self.made.typed(seat, pictures=wrong))
            with self.lock:
                self.said[status] += 1

    def start(self) -> None:
        for hand in self.hands:
            hand.start()

    def end(self) -> None:
        for hand in self.hands:
            hand.join()


def sits(one: Connection, person: Person) -> bool:
    return one.get(person, "/en/me/")[0] == 200


def by_card(made: Harbour, seat: dict) -> float:
    one = made.line()
    began = time.perf_counter()
    person = visitor(one)
    assert one.post(person, CARD, {"token": seat["token"]})[0] == 302
    assert sits(one, person)
    return time.perf_counter() - began


def by_device_in_use(made: Harbour, one: Connection, person: Person, seat: dict) -> float:
    """The pupil stood up, and types the pictures again on the same tablet."""
    one.get(person, "/en/me/")
    one.post(person, "/en/stand-up/", {})
    began = time.perf_counter()
    one.get(person, SIT)
    assert one.post(person, SIT, made.typed(seat))[0] == 302
    assert sits(one, person)
    return time.perf_counter() - began


def by_pictures(made: Harbour, teacher: tuple, seat: dict) -> float:
    """On a new device, with one tap of the teacher's; the time is without hers."""
    one = made.line()
    began = time.perf_counter()
    person = visitor(one)
    assert one.post(person, SIT, made.typed(seat))[0] == 302
    if sits(one, person):
        return time.perf_counter() - began
    spent = time.perf_counter() - began
    staff, her = teacher
    place = f"/en/staff/classes/{made.facts['open']['id']}/"
    page = staff.get(her, place)[1].decode()
    taps = re.findall(rf'action="({place}waiting/[^"]+)"', page)
    assert len(taps) == 1, "who is wrong is not shown to her"
    assert staff.post(her, taps[0], {})[0] == 302
    began = time.perf_counter()
    one.get(person, WAIT)
    assert one.post(person, WAIT, {})[0] == 302
    assert sits(one, person)
    return spent + time.perf_counter() - began


def test_cwe_307_a_hostile_pupil_finds_nobody_and_locks_nobody_out(made):
    victims, teacher = made.seats[:34], made.teacher()
    in_use = []
    for seat in victims[:12]:
        one = made.line()
        person = visitor(one)
        assert one.post(person, SIT, made.typed(seat))[0] == 302
        in_use.append((one, person, seat))
    hostile = Hostile(made, victims)
    hostile.start()
    while sum(hostile.said.values()) < TRIES * 0.9 and any(hand.is_alive() for hand in hostile.hands):
        time.sleep(0.05)
    took = {
        "device in use": [by_device_in_use(made, *one) for one in in_use],
        "card": [by_card(made, seat) for seat in victims[12:23]],
        "pictures": [by_pictures(made, teacher, seat) for seat in victims[23:]],
    }
    hostile.end()
    print(dict(hostile.said), {way: f"{max(times):.2f} s at most" for way, times in took.items()})
    assert sum(map(len, took.values())) == 34
    assert max(max(times) for times in took.values()) <= SOON
    assert sum(hostile.said.values()) == TRIES
    assert set(hostile.said) <= {302, 403, 429}, "no answer but wrong, wait and too often"
    judged = hostile.said[403]  # after that right and wrong pictures are told the same, and neither opens
    assert judged >= 34, "or nothing was tried"
    assert judged * FOUND_BY_CHANCE <= MOST
