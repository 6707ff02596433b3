"""What an answer's time tells (CWE-208), and its body, status and headers (CWE-204), on the real server.

AUC is the chance that of two answers, one of each kind, the one of the first kind took longer: a half tells nothing.
"""

import random
import time
from itertools import combinations

from benchmarks.client import Connection
from tests.attacks.real_server import CARD, SIT, Harbour, visitor
from tests.attacks.volume import some

ROUNDS = some(100, 10_000)
PLANTED = some(30, 2)  # milliseconds: few rounds beside other tests see less
MARGIN = 0.03
CASES = ("wrong code", "closed class", "unknown seat", "wrong pictures")
BEFORE_THROTTLE = 4  # tries on one place by one device that are answered before it must wait


def tries(made: Harbour, turn: int) -> dict[str, dict]:
    seat = made.seats[turn % 30]
    closed = made.facts["closed"]
    taken = {(one["animal"], one["colour"]) for one in made.seats}
    free = next(
        (a, c) for a in ("otter", "fox", "heron") for c in ("blue", "green", "red", "grey") if (a, c) not in taken
    )
    wrong = tuple((one + 1) % 16 for one in seat["pictures"])
    return {
        "wrong code": made.typed(seat, code="BBBBBBB"),
        "closed class": made.typed(closed["seats"][0], code=closed["code"]),
        "unknown seat": made.typed(seat, animal=free[0], colour=free[1]),
        "wrong pictures": made.typed(seat, pictures=wrong),
    }


def auc(first: list[float], second: list[float]) -> float:
    """Over pairs that were asked one after the other: what else the machine does meanwhile is the same for both."""
    return sum(1.0 if one > other else 0.5 * (one == other) for one, other in zip(first, second, strict=True)) / len(
        first
    )


def allowed(rounds: int) -> float:
    """The margin, and at less than full length what so few rounds cannot tell."""
    return MARGIN + some(3.5 * 0.5 / rounds**0.5, 0.0)


def times(made: Harbour, *, planted: int = 0, rounds: int = ROUNDS) -> dict[str, list[float]]:
    """Seconds of each kind of failure: in turns, in a new order each time, by a device that is new each time."""
    one = made.line()
    person = visitor(one)
    fresh = {name: value for name, value in person.cookies.items() if "csrf" in name}
    found: dict[str, list[float]] = {case: [] for case in CASES}
    for turn in range(rounds + 20):
        if turn % BEFORE_THROTTLE == 0:
            made.forget_tries()
        forms = tries(made, turn // BEFORE_THROTTLE)
        for case in random.sample(CASES, len(CASES)):
            person.cookies = dict(fresh)
            began = time.perf_counter()
            status = one.post(person, SIT, forms[case], {"X-Planted": str(planted)})[0]
            if turn >= 20:  # the first are for warming up
                found[case].append(time.perf_counter() - began)
            assert status == 403, case
    return found


def distances(found: dict[str, list[float]]) -> dict[tuple[str, str], float]:
    return {pair: abs(auc(found[pair[0]], found[pair[1]]) - 0.5) for pair in combinations(CASES, 2)}


def told(made: Harbour, *, planted: int = 0, rounds: int = ROUNDS) -> dict[tuple[str, str], bool]:
    """Which pairs of failures are told apart by their times."""
    found = distances(times(made, planted=planted, rounds=rounds))
    print({pair: round(far, 4) for pair, far in found.items()})
    return {pair: far > allowed(rounds) for pair, far in found.items()}


def test_cwe_208_no_failure_is_told_by_its_time(made):
    found = told(made)
    if any(found.values()) and ROUNDS < 1000:  # one run in some hundreds, by chance: a longer one decides
        found = told(made, rounds=5 * ROUNDS)
    assert not any(found.values()), found


def test_a_difference_of_two_milliseconds_would_be_seen(made):
    """A fault is planted: or the test above would prove nothing."""
    found = told(made, planted=PLANTED, rounds=some(ROUNDS, 1000))
    assert all(found[pair] for pair in found if "wrong pictures" in pair), found


def answer_of(made: Harbour, form: dict, count: int, place: str = SIT) -> list[tuple]:
    """Status, headers and body of `count` tries of one new device."""
    one = made.line()
    person, found = visitor(one), []
    for _try in range(count):
        status, body, headers = whole(one, person, place, form)
        found.append((status, headers, body))
    return found


def whole(one: Connection, person, place: str, form: dict) -> tuple:
    from urllib.parse import urlencode

    body = urlencode({**form, "csrfmiddlewaretoken": person.token})
    headers = person.headers() | {"Content-Type": "application/x-www-form-urlencoded"}
    one.http.request("POST", place, body, headers)
    answer = one.http.getresponse()
    content = answer.read()
    return answer.status, content, sorted((k, v) for k, v in answer.getheaders() if k.lower() != "date")


def test_cwe_204_failures_are_one_answer_and_so_are_throttled_ones(made):
    answers = {case: answer_of(made, form, 6) for case, form in tries(made, 31).items()}
    assert [status for status, *_rest in answers["wrong code"]] == [403] * 5 + [429]
    for case in CASES:
        assert answers[case] == answers["wrong code"], case
        assert len({str(one) for one in answers[case][:5]}) == 1, "the fifth is like the first"


def test_cwe_204_wrong_cards_are_one_answer(made):
    closed = made.facts["closed"]["seats"][1]
    forms = [{"token": "x" * 22}, {"token": closed["token"]}, {"home_key": "BCDFBCDFBCDFBCDF"}]
    found = [answer_of(made, form, 2, CARD) for form in forms]
    assert found[0] == found[1] == found[2]
    assert found[0][0][0] == 403
