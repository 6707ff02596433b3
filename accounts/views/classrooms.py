from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import operations
from accounts.decorators import teacher_required
from accounts.forms import ClassroomForm, GroupForm, HomeworkForm, OpenForm, ShareForm
from accounts.models import Classroom
from accounts.permissions import is_administrator, is_authority_administrator, is_teacher
from accounts.queries import Card, cards_of, classrooms_of, waiting_in
from accounts.views.onward import confirm, onward_of


def back_to(request: HttpRequest, default: str) -> HttpResponse:
    """To the page of ours that asked, else to `default`."""
    return redirect(onward_of(request.POST) or default)


def classroom_url(classroom_id: UUID) -> str:
    return reverse("accounts:classroom_detail", args=[classroom_id])


@require_safe
def staff_home(request: HttpRequest) -> HttpResponse:
    if is_teacher(request.user):
        return redirect("accounts:classroom_list")
    if is_administrator(request.user) or is_authority_administrator(request.user):
        return redirect("progress:figures")
    if request.user.is_staff:
        return redirect("admin:index")
    raise PermissionDenied


@teacher_required
@require_safe
def classroom_list(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/classroom_list.html", {"classrooms": classrooms_of(request.user)})


@teacher_required
@require_http_methods(["GET", "HEAD", "POST"])
def classroom_create(request: HttpRequest) -> HttpResponse:
    form = ClassroomForm(request.POST or None, teacher=request.user)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "accounts/classroom_create.html", {"form": form}, status=status)
    classroom = operations.create_classroom(teacher=request.user, **form.cleaned_data)
    return redirect(classroom_url(classroom.pk))


@teacher_required
@require_http_methods(["GET", "HEAD", "POST"])
def seat_groups(request: HttpRequest, classroom_id: UUID) -> HttpResponse:
    """Groups of a mixed class, each taught as from an age of its own."""
    classroom = _classroom(request, classroom_id)
    form = GroupForm(request.POST if request.method == "POST" else None, classroom=classroom)
    if not form.is_valid():
        context = {"classroom": classroom, "form": form, "groups": classroom.groups.prefetch_related("seats")}
        return render(request, "accounts/seat_groups.html", context, status=422 if form.is_bound else 200)
    operations.set_group(classroom=classroom, **form.cleaned_data)
    messages.success(request, _("The groups are saved."))
    return redirect("accounts:seat_groups", classroom_id)


@teacher_required
@require_safe
def classroom_detail(request: HttpRequest, classroom_id: UUID) -> HttpResponse:
    return _detail(request, _classroom(request, classroom_id))


def _classroom(request: HttpRequest, classroom_id: UUID) -> Classroom:
    classrooms = Classroom.objects.visible_to(request.user).select_related("school")
    return get_object_or_404(classrooms, pk=classroom_id)


def _detail(request: HttpRequest, classroom: Classroom, status: int = 200, **forms) -> HttpResponse:
    """The page of a class; with a form that was refused, the form says why."""
    context = {
        "classroom": classroom,
        "seats": classroom.seats.in_order(),
        "waiting": waiting_in(classroom),
        "teachings": classroom.teachings.select_related("user").order_by("user__name"),
        "open_form": OpenForm(),
        "homework_form": HomeworkForm(initial={"until": classroom.homework_until}),
        "share_form": ShareForm(classroom=classroom),
        "most_seats": operations.MOST_SEATS,
    }
    return render(request, "accounts/classroom_detail.html", context | forms, status=status)


@teacher_required
@require_POST
def classroom_open(request: HttpRequest, classroom_id: UUID) -> HttpResponse:
    classroom = _classroom(request, classroom_id)
    form = OpenForm(request.POST)
    if not form.is_valid():
        return _detail(request, classroom, status=422, open_form=form)
    operations.open_classroom(classroom=classroom, actor=request.user, minutes=form.cleaned_data["minutes"])
    return back_to(request, reverse("progress:cockpit", args=[classroom_id]))


@teacher_required
@require_POST
def classroom_close(request: HttpRequest, classroom_id: UUID) -> HttpResponse:
    undo = operations.close_classroom(classroom=_classroom(request, classroom_id), actor=request.user)
    confirm(request, _("The class is closed. Nobody is seated any longer."), undo)
    return back_to(request, classroom_url(classroom_id))


@teacher_required
@require_POST
def classroom_homework(request: HttpRequest, classroom_id: UUID) -> HttpResponse:
    classroom = _classroom(request, classroom_id)
    form = HomeworkForm(request.POST)
    if not form.is_valid():
        return _detail(request, classroom, status=422, homework_form=form)
    until = form.cleaned_data["until"]
    undo = operations.set_homework(classroom=classroom, until=until, actor=request.user)
    confirm(request, _("Homework is set.") if until else _("Homework has ended."), undo)
    return redirect(classroom_url(classroom_id))


@teacher_required
@require_POST
def classroom_share(request: HttpRequest, classroom_id: UUID) -> HttpResponse:
    classroom = _classroom(request, classroom_id)
    form = ShareForm(request.POST, classroom=classroom)
    if not form.is_valid():
        return _detail(request, classroom, status=422, share_form=form)
    operations.share_classroom(classroom=classroom, actor=request.user, **form.cleaned_data)
    messages.success(request, _("The class is shared."))
    return redirect(classroom_url(classroom_id))


@teacher_required
@require_POST
def classroom_unshare(request: HttpRequest, classroom_id: UUID, teaching_id: int) -> HttpResponse:
    classroom = _classroom(request, classroom_id)
    teaching = get_object_or_404(classroom.teachings, pk=teaching_id)
    undo = operations.unshare_classroom(teaching=teaching, actor=request.user)
    if undo is None:
        messages.error(request, _("A class needs a teacher: share it with somebody first."))
        return redirect(classroom_url(classroom_id))
    text = _("%(name)s no longer teaches %(classroom)s.")
    confirm(request, text % {"name": teaching.user, "classroom": classroom}, undo)
    if teaching.user_id == request.user.pk:
        return redirect("accounts:classroom_list")
    return redirect(classroom_url(classroom_id))


@teacher_required
@require_POST
def classroom_reissue(request: HttpRequest, classroom_id: UUID) -> HttpResponse:
    undo = operations.reissue_cards(classroom=_classroom(request, classroom_id), actor=request.user)
    text = ngettext("%(count)s card is new: print it.", "%(count)s cards are new: print them.", undo.count)
    confirm(request, text % {"count": undo.count}, undo)
    return redirect(classroom_url(classroom_id))


@teacher_required
@require_safe
def classroom_cards(request: HttpRequest, classroom_id: UUID) -> HttpResponse:
    """The cards to print, eight a page: all of them, or the one of `?seat=`."""
    classroom = _classroom(request, classroom_id)
    seats = list(classroom.seats.in_order())
    if wanted := request.GET.get("seat"):
        seats = [seat for seat in seats if str(seat.pk) == wanted]
    card_url = (settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")) + reverse("accounts:sit_down_card")
    cards = [{"card": card, "qr": _qr(card_url, card)} for card in cards_of(seats)]
    context = {
        "classroom": classroom,
        "sheets": [cards[start : start + 8] for start in range(0, len(cards), 8)],
        "is_one": bool(wanted),
        "missing_count": len(seats) - len(cards),
        "address": card_url.split("://")[-1],
    }
    return render(request, "accounts/classroom_cards.html", context)


def _qr(card_url: str, card: Card) -> str:
    code = segno.make_qr(f"{card_url}#{card.token}", error="m")
    return code.svg_inline(border=2, omitsize=True, svgclass=None, lineclass=None)


@teacher_required
@require_safe
def seat_list_paper(request: HttpRequest, classroom_id: UUID) -> HttpResponse:
    """Seat ↔ name, to be filled in by hand: the only place where a name stands."""
    classroom = _classroom(request, classroom_id)
    return render(
        request, "accounts/seat_list_paper.html", {"classroom": classroom, "seats": classroom.seats.in_order()}
    )
