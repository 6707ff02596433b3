"""The network is cut and comes back. The cut is real: a door between the browser and the server that shuts."""

import contextlib
import socket
import threading

import pytest
from django.utils import translation

from accounts.models import Sitting
from accounts.operations import close_classroom
from accounts.queries import card_of
from lessons.models import Reading
from quizzes.models import Attempt, Tally
from tests.factories.accounts import teacher_of
from tests.journeys.conftest import CHROMIUM, sit_down


class Door(threading.Thread):
    """Hands bytes between a port of its own and the server's while it is open; shut, it cuts every line."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.port, self.is_open, self.lines = port, True, set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.origin = f"http://localhost:{self.listener.getsockname()[1]}"
        self.start()

    def run(self):
        while True:
            try:
                line, _address = self.listener.accept()
            except OSError:
                return
            if not self.is_open:
                line.close()
                continue
            onward = socket.create_connection(("127.0.0.1", self.port))
            self.lines |= {line, onward}
            for one, other in ((line, onward), (onward, line)):
                threading.Thread(target=self.hand_over, args=(one, other), daemon=True).start()

    def hand_over(self, one, other):
        try:
            while part := one.recv(65536):
                other.sendall(part)
        except OSError:
            pass
        for end in (one, other):
            end.close()
            self.lines.discard(end)

    def shut(self):
        self.is_open = False
        for line in list(self.lines):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def reopen(self):
        self.is_open = True


@pytest.fixture
def door(live_server):
    door = Door(live_server.thread.port)
    yield door
    door.shut()
    door.listener.close()


@pytest.fixture
def page(context, door, seat):
    page = context.new_page()
    page.origin = door.origin
    sit_down(page, door.origin, seat)
    return page


def go(page, module, where=""):
    page.goto(f"{page.origin}/en/me/{module.slug}/{where}")


def keep(page, module):
    """Opens the module in class and waits until the device has kept it."""
    go(page, module)
    page.wait_for_selector("text=This module goes on without network.")


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def hand_in(page, answers=("the tell",)):
    for answer in answers:
        page.get_by_text(answer, exact=True).click()
    while page.get_by_role("button", name="Continue", exact=True).is_visible():
        press(page, "Continue")
    press(page, "Hand in")


def online(page):
    """What a browser says to its pages when the network is back; a shut door cannot say it."""
    page.evaluate("window.dispatchEvent(new Event('online'))")


def stored(page):
    """Everything that lies on the device, as the next pupil with some knowledge could read it."""
    return page.evaluate(
        """async () => {
            let text = JSON.stringify([{ ...localStorage }, { ...sessionStorage }]);
            for (const name of await caches.keys())
                for (const asked of await (await caches.open(name)).keys())
                    text += asked.url + await (await caches.match(asked)).text();
            const database = await new Promise((done) => {
                const wanted = indexedDB.open("balise-outbox");
                wanted.onsuccess = () => done(wanted.result);
            });
            if (!database.objectStoreNames.contains("entries")) return text;
            const rows = await new Promise((done) => {
                const asked = database.transaction("entries").objectStore("entries").getAll();
                asked.onsuccess = () => done(asked.result);
            });
            for (const row of rows)
                text += JSON.stringify(row) + new TextDecoder("latin1").decode(row.sealed || new Uint8Array());
            return text;
        }"""
    )


def wait_for(condition):
    for _try in range(100):
        if condition():
            return
        threading.Event().wait(0.1)
    raise AssertionError("it never came")


def test_a_module_goes_on_without_network_and_is_handed_in_once(page, door, module, seat):
    keep(page, module)
    door.shut()
    page.get_by_role("link", name="Start").click()
    hand_in(page)
    assert page.get_by_role("heading", name="Title of step 1").is_visible()
    for number in (2, 3):
        press(page, "Continue")
        page.wait_for_selector(f"text=Title of step {number}")
    press(page, "Continue")
    hand_in(page)
    page.wait_for_selector("text=Your answers are safe")
    page.wait_for_selector("text=Kept here, not handed in yet: 5.")
    assert not Attempt.objects.exists()
    door.reopen()
    online(page)
    page.wait_for_selector("text=Handed in: nothing waits on this device.")
    assert Attempt.objects.filter(is_submitted=True).count() == 2
    assert Reading.objects.get().done_on is not None
    assert Tally.objects.get(item="tell", moment="AFTER").running == 1
    online(page)
    page.get_by_role("link", name="Have I handed in?").click()
    assert page.get_by_role("heading", name="The explanations again").is_visible()
    assert Tally.objects.get(item="tell", moment="AFTER").running == 1, "once and not twice"


def test_an_answer_is_kept_here_and_the_device_cannot_read_it(page, door, module):
    keep(page, module)
    go(page, module, "questions/before/")
    door.shut()
    page.get_by_text("the tell", exact=True).click()
    page.wait_for_selector("text=Kept on this device, sealed.")
    before = stored(page)
    assert "before" in before, "for which attempt"
    page.get_by_text("the pay", exact=True).click()
    page.wait_for_timeout(1200)
    after = stored(page)
    assert len(before) == len(after), "its length says nothing of the answer"
    page.close()
    assert before.count("tell") == after.count("tell"), "the page's own words, and no answer"
    assert '"fields"' not in after


def test_closing_the_browser_and_a_clock_wrong_by_three_days_lose_nothing(playwright, door, module, seat, tmp_path):
    launch = {"executable_path": CHROMIUM, "args": ["--no-sandbox", "--disable-dev-shm-usage"]}
    context = playwright.chromium.launch_persistent_context(str(tmp_path), **launch)
    page = context.new_page()
    page.origin = door.origin
    sit_down(page, door.origin, seat)
    keep(page, module)
    go(page, module, "questions/before/")
    door.shut()
    hand_in(page)
    page.wait_for_selector("text=Title of step 1")
    context.close()
    door.reopen()
    Sitting.objects.all().delete()
    context = playwright.chromium.launch_persistent_context(str(tmp_path), **launch)
    page = context.new_page()
    page.clock.install(time="2020-01-01")
    page.goto(f"{door.origin}/en/me/")
    assert "/sit/" in page.url, "the sitting has ended meanwhile"
    wait_for(lambda: Attempt.objects.filter(is_submitted=True).count() == 1)
    assert Tally.objects.get(item="tell").running == 1
    context.close()


def test_a_late_entry_fills_and_never_changes(page, door, module, seat, browser, live_server):
    keep(page, module)
    go(page, module, "questions/before/")
    door.shut()
    page.get_by_text("the tell", exact=True).click()
    press(page, "Continue")
    page.get_by_text("the false", exact=True).click()
    page.wait_for_selector("text=Kept on this device, sealed.")
    page.wait_for_timeout(900)
    elsewhere = browser.new_context().new_page()
    sit_down(elsewhere, live_server.url, seat)
    elsewhere.goto(f"{live_server.url}/en/me/{module.slug}/questions/before/")
    elsewhere.get_by_text("the pay", exact=True).click()
    wait_for(lambda: Attempt.objects.filter(responses__contains="pay").exists())
    page.goto("about:blank")
    door.reopen()
    page.goto(f"{door.origin}/en/help/")
    page.goto(f"{door.origin}/en/sit/")
    wait_for(lambda: "bool" in Attempt.objects.get().responses)
    assert '"a-one":"pay"' in Attempt.objects.get().responses
    assert '"a-bool":"false"' in Attempt.objects.get().responses
    elsewhere.context.close()


def test_what_was_handed_in_elsewhere_is_answered_already_handed_in(page, door, module, seat, browser, live_server):
    keep(page, module)
    go(page, module, "questions/before/")
    door.shut()
    hand_in(page)
    page.wait_for_selector("text=Title of step 1")
    elsewhere = browser.new_context().new_page()
    sit_down(elsewhere, live_server.url, seat)
    elsewhere.goto(f"{live_server.url}/en/me/{module.slug}/questions/before/")
    hand_in(elsewhere, ["the pay"])
    press(elsewhere, "Hand in as it is")
    elsewhere.wait_for_selector("text=Title of step 1")
    door.reopen()
    online(page)
    page.wait_for_selector("text=This was already handed in. The first time counts.")
    assert list(Tally.objects.filter(item__in=["tell", "pay"]).values_list("item", flat=True)) == ["pay"]
    elsewhere.context.close()


def test_the_next_pupil_reads_nothing_of_the_former(page, door, module, seat):
    keep(page, module)
    handle = page.locator(".top__seat span").inner_text()
    go(page, module, "questions/before/")
    door.shut()
    hand_in(page)
    press(page, "I have finished")
    page.wait_for_selector("text=Goodbye, and well done")
    left = stored(page)
    assert handle not in left
    assert "ticket" not in left
    page.goto(f"{door.origin}/en/me/{module.slug}/1/")
    assert page.get_by_text("Goodbye, and well done").is_visible(), "without network too the seat is left"
    door.reopen()
    page.goto(f"{door.origin}/en/me/")
    assert "/sit/" in page.url, "and now the server knows"
    wait_for(lambda: Attempt.objects.filter(is_submitted=True).exists())


def test_standing_up_without_network_never_ends_the_next_pupils_sitting(page, door, module, seat, classroom):
    keep(page, module)
    door.shut()
    press(page, "I have finished")
    page.wait_for_selector("text=Goodbye, and well done")
    door.reopen()
    later = classroom.seats.in_order()[1]
    sit_down(page, door.origin, later, "fr")  # the other language's worker knows nothing of what waits here
    page.goto(f"{door.origin}/en/me/")  # and this one sends it now
    with translation.override("en"):
        assert page.locator(".top__seat span").inner_text() == later.handle
    assert list(Sitting.objects.values_list("seat", flat=True)) == [later.pk]
    page.goto(f"{door.origin}/en/me/")
    assert page.get_by_role("heading", level=1).inner_text().startswith("Hello"), "nothing waits any more"


def test_a_second_card_scanned_in_the_same_tab_is_taken(page, door, classroom):
    press(page, "I have finished")
    page.goto(f"{door.origin}/en/card/")
    page.evaluate(f"location.hash = '{card_of(classroom.seats.in_order()[1]).token}'")
    page.wait_for_url("**/en/me/")
    assert "#" not in page.url


def test_a_class_that_closes_while_a_pupil_answers_is_told_kindly(page, door, module, classroom):
    go(page, module, "questions/before/")
    close_classroom(classroom=classroom, actor=teacher_of(classroom))
    page.get_by_text("the tell", exact=True).click()
    page.wait_for_selector("text=The lesson is over. Your steps are kept.")


def test_a_sensitive_module_is_kept_nowhere(page, door, sensitive):
    go(page, sensitive)
    go(page, sensitive, "questions/before/")
    page.get_by_text("the tell", exact=True).click()
    page.wait_for_selector("text=Kept. You can go on later")
    assert sensitive.slug not in stored(page)
    assert page.request.get(f"{door.origin}/en/me/{sensitive.slug}/kept/").status == 404
    answer = page.request.get(f"{door.origin}/en/me/{sensitive.slug}/1/", headers={"X-Balise-Keep": "1"})
    assert "no-store" in answer.headers["cache-control"]
    assert "x-balise-keep" not in answer.headers


def test_a_short_loss_of_network_is_bridged_in_the_open_page(page, door, sensitive):
    go(page, sensitive, "questions/before/")
    door.shut()
    page.get_by_text("the tell", exact=True).click()
    page.wait_for_selector("text=Not kept yet")
    door.reopen()
    page.wait_for_selector("text=Kept. You can go on later")
    assert "tell" in Attempt.objects.get().responses


def test_over_a_connection_that_is_not_safe_the_page_says_so(page, module):
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    go(page, module)
    assert page.get_by_text("that needs https").is_visible()


def test_no_right_answer_reaches_the_device_before_handing_in(page, module):
    keep(page, module)
    lying = stored(page)
    assert "the tell" in lying
    assert "because tell" not in lying
