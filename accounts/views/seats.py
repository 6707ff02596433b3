"""What a teacher does to one seat. Each looks the seat up inside the class it is said to be in."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import operations
from accounts.decorators import teacher_required
from accounts.models import Classroom, Seat
from accounts.queries import waiting_in
from accounts.views.classrooms import back_to, classroom_url
from accounts.views.onward import confirm


def _seat(request: HttpRequest, classroom_id: UUID, seat_id: UUID) -> Seat:
    seats = Seat.objects.visible_to(request.user).select_related("classroom__school")
    return get_object_or_404(seats, pk=seat_id, classroom=classroom_id)


@teacher_required
@require_POST
def seat_add(request: HttpRequest, classroom_id: UUID) -> HttpResponse:
    classroom = get_object_or_404(Classroom.objects.visible_to(request.user), pk=classroom_id)
    seat = operations.add_seat(classroom=classroom, actor=request.user)
    if seat:
        undo = operations.Undo("add_seat", {"seat": seat.pk})
        confirm(request, _("%(handle)s is a new seat. Print its card.") % {"handle": seat.handle}, undo)
    else:
        messages.error(request, _("A class has at most 40 seats."))
    return redirect(classroom_url(classroom_id))


@teacher_required
@require_POST
def seat_reissue(request: HttpRequest, classroom_id: UUID, seat_id: UUID) -> HttpResponse:
    seat = _seat(request, classroom_id, seat_id)
    undo = operations.reissue_card(seat=seat, actor=request.user)
    text = _("%(handle)s has a new card: print it. The old one no longer works.")
    confirm(request, text % {"handle": seat.handle}, undo)
    return redirect(classroom_url(classroom_id))


@teacher_required
@require_POST
def seat_end_sitting(request: HttpRequest, classroom_id: UUID, seat_id: UUID) -> HttpResponse:
    """“That is not you.”"""
    seat = _seat(request, classroom_id, seat_id)
    operations.end_sitting(seat=seat)
    text = _("%(handle)s has stood up. Nothing is lost: shown its card again, it goes on where it was.")
    messages.success(request, text % {"handle": seat.handle})
    return back_to(request, classroom_url(classroom_id))


@teacher_required
@require_POST
def waiting_approve(request: HttpRequest, classroom_id: UUID, waiting_id: UUID) -> HttpResponse:
    classroom = get_object_or_404(Classroom.objects.visible_to(request.user), pk=classroom_id)
    operations.approve_waiting(waiting=get_object_or_404(waiting_in(classroom), pk=waiting_id))
    return back_to(request, classroom_url(classroom_id))


@teacher_required
@require_POST
def seat_sit_here(request: HttpRequest, classroom_id: UUID, seat_id: UUID) -> HttpResponse:
    """Seats this very tablet for a pupil who types nothing. The teacher's session on it ends: a child takes it."""
    seat = _seat(request, classroom_id, seat_id)
    cookie = request.seat_cookie
    sitting = operations.sit_down_by_teacher(seat=seat, device_key=cookie.device_key, leaving=cookie.sitting)
    if sitting is None:
        messages.error(request, _("Open the class first."))
        return redirect(classroom_url(classroom_id))
    logout(request)
    cookie.sitting = str(sitting.pk)
    return redirect("lessons:seat_home")
