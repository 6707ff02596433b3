"""Pages that draw themselves anew are led on as a whole: at the end of long work, of a pause, of a session."""

from playwright.sync_api import expect

from accounts.models import Classroom
from lessons.operations import set_class_lesson
from tests.factories.accounts import PASSWORD, ClassroomFactory, teacher_of
from tests.journeys.conftest import sit_down


def sign_in(page, origin, user):
    page.goto(f"{origin}/en/staff/account/login/")
    page.fill("[name=login]", user.email)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/staff/classes/")


def test_long_work_goes_on_by_itself_to_its_end(page, live_server, classroom):
    teacher = teacher_of(classroom)
    for number in range(6):
        ClassroomFactory(teacher=teacher, seat_count=1, label=f"Old {number}")
    sign_in(page, live_server.url, teacher)
    page.goto(f"{live_server.url}/en/staff/year-end/several/")
    for number in range(6):
        page.get_by_label(f"Old {number}").check()
    page.locator("[name=is_sure]").check()
    page.get_by_role("button", name="Erase them").click()
    page.wait_for_url("**/staff/year-end/", timeout=10_000)
    expect(page.get_by_role("heading", level=1)).to_have_text("End of the year")
    assert Classroom.objects.filter(label__startswith="Old").count() == 0


def test_who_pauses_goes_on_when_the_class_does(page, live_server, classroom, seat, module):
    sit_down(page, live_server.url, seat)
    set_class_lesson(classroom=classroom, is_paused=True)
    page.goto(f"{live_server.url}/en/me/{module.slug}/")
    assert "/me/pause/" in page.url
    set_class_lesson(classroom=classroom, is_paused=False)
    page.wait_for_url(f"**/en/me/{module.slug}/", timeout=12_000)


def test_a_room_whose_teacher_is_signed_out_goes_to_the_door(page, live_server, classroom):
    sign_in(page, live_server.url, teacher_of(classroom))
    page.goto(f"{live_server.url}/en/staff/classes/{classroom.pk}/now/")
    page.context.clear_cookies()
    page.wait_for_url("**/staff/account/login/?next=**", timeout=8000)
