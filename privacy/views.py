from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import (
    administrator_required,
    figures_required,
    public,
    seat_required,
    staff_required,
    teacher_required,
)
from accounts.enums import Act, Band
from accounts.middleware import load_seat
from accounts.models import Authority, Classroom, School, Seat
from accounts.operations import TooLateError, set_controller, take_back
from accounts.views.bulk import work_page
from accounts.views.onward import onward_of
from lessons.models import Helpline
from privacy.forms import ControllerForm, EraseForm, EraseSeveralForm
from privacy.inventory import Subject
from privacy.inventory.pack import DOCUMENTS
from privacy.inventory.words import ENDS, NEVER, READERS, words_for
from privacy.operations import erase_classroom, erase_seat
from privacy.queries import (
    declared_for,
    document_of,
    endings_of,
    health_of_installation,
    kept_about,
    receipts_of,
    relations_of,
    school_endings_of,
    trail_of,
    with_actors,
)
from progress.models import Release
from progress.queries import curriculum_coverage, figures
from progress.views.reports import scope_of


@gzip_page  # the same for everybody of an age
@public
@require_safe
def what_we_keep(request: HttpRequest) -> HttpResponse:
    """In words for each age and for parents, from the inventory; a seated pupil begins with the class's age."""
    seat = load_seat(request)
    asked = request.GET.get("for", "")
    reader = asked if asked in READERS else seat.band.value if seat else "parents"
    context = {
        "frame": "base_pupil.html" if seat else "base_public.html",
        "reader": reader,
        "readers": [(value, Band(value).label if value != "parents" else _("Parents and staff")) for value in READERS],
        "words": words_for(reader),
        "never": NEVER[reader],
        "ends": ENDS[reader],
        "school": seat.classroom.school if seat else None,
        "subjects": declared_for(*Subject) if reader == "parents" else [],
    }
    return render(request, "privacy/what_we_keep.html", context)


@seat_required
@require_safe
def seat_data(request: HttpRequest) -> HttpResponse:
    """Exactly what is kept about this seat, with its present values."""
    cookie = request.seat_cookie
    values = {"d": cookie.device, "p": cookie.preferences, "s": cookie.sitting, "e": cookie.expires}
    is_home = request.sitting.is_home
    context = {
        "kept": kept_about(request.seat, is_home=is_home, cookie=values),
        "is_home": is_home,
        "school": request.seat.classroom.school,
    }
    return render(request, "privacy/seat_data.html", context)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def year_end(request: HttpRequest) -> HttpResponse:
    """What goes and when; a class may be erased earlier by its teacher. Then the receipt."""
    form = EraseForm(request.POST or None, teacher=request.user)
    if request.method == "POST" and form.is_valid():
        erase_classroom(classroom=form.cleaned_data["classroom"], actor=request.user)
        messages.success(request, _("The class is erased. Print the certificate, and destroy the paper list."))
        return redirect("privacy:year_end")
    context = {
        "endings": endings_of(request.user),
        "school_endings": school_endings_of(request.user),
        "receipts": receipts_of(request.user),
        "form": form,
    }
    return render(request, "privacy/year_end.html", context, status=422 if form.is_bound else 200)


ERASED_AT_ONCE = 3
TO_ERASE = "classes_to_erase"  # in the session of staff: keys of classes


@teacher_required
@require_http_methods(["GET", "HEAD", "POST"])
def erase_several(request: HttpRequest) -> HttpResponse:
    """Chooses classes to erase together, and says what will be lost."""
    form = EraseSeveralForm(request.POST if request.method == "POST" else None, teacher=request.user)
    if not form.is_valid():
        context = {"form": form, "endings": endings_of(request.user)}
        return render(request, "privacy/erase_several.html", context, status=422 if form.is_bound else 200)
    request.session[TO_ERASE] = [str(one.pk) for one in form.cleaned_data["classrooms"]]
    return redirect("privacy:erase_progress")


@teacher_required
@require_http_methods(["GET", "HEAD", "POST"])
def erase_progress(request: HttpRequest) -> HttpResponse:
    """How far it is; a POST erases the next ones. What is gone is not there to be erased twice."""
    keys = request.session.get(TO_ERASE, [])
    left = list(Classroom.objects.visible_to(request.user).filter(pk__in=keys).select_related("school"))
    if request.method == "POST":
        for classroom in left[:ERASED_AT_ONCE]:
            erase_classroom(classroom=classroom, actor=request.user)
        return redirect("privacy:erase_progress")
    if not left:
        return redirect("privacy:year_end")
    done, total = len(keys) - len(left), len(keys)
    return work_page(
        request,
        title=_("Classes are being erased"),
        doing=_("%(done)s of %(total)s classes are erased") % {"done": done, "total": total},
        done=done,
        total=total,
        action=reverse("privacy:erase_progress"),
    )


@staff_required
@require_safe
def receipt(request: HttpRequest, line_id: UUID) -> HttpResponse:
    """One erasure on paper, with the slip for the destroyed list."""
    found = next((one for one in receipts_of(request.user) if one.line.pk == line_id), None)
    if found is None:
        raise Http404
    return render(request, "privacy/receipt.html", {"receipt": found})


@teacher_required
@require_POST
def seat_free(request: HttpRequest, classroom_id: UUID, seat_id: UUID) -> HttpResponse:
    """A seat goes, and the ledger remembers it: a restore does not bring it back."""
    seats = Seat.objects.visible_to(request.user).select_related("classroom__school")
    seat = get_object_or_404(seats, pk=seat_id, classroom=classroom_id)
    handle = seat.handle
    erase_seat(seat=seat, actor=request.user)
    messages.success(request, _("%(handle)s is removed, and everything kept about it is erased.") % {"handle": handle})
    return redirect("accounts:classroom_detail", classroom_id)


@staff_required
@require_POST
def act_undo(request: HttpRequest) -> HttpResponse:
    """Takes back the act whose confirmation bore this button. A class that was only just made has no page any more."""
    try:
        undone = take_back(actor=request.user, sealed=request.POST.get("undo", ""))
    except TooLateError:
        messages.error(request, _("This cannot be taken back any more: it was changed since, or half an hour is over."))
        return redirect(onward_of(request.POST) or "accounts:staff_home")
    messages.success(request, _("Taken back: it is as it was before."))
    is_gone = undone.act == "make"
    return redirect("accounts:staff_home" if is_gone else onward_of(request.POST) or "accounts:staff_home")


@figures_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What an administrator answers for: what is taught, whether help is up to date, whether the machine works."""
    scopes, scope = scope_of(request)
    lines = Helpline.objects.order_by("territory", "position", "slug")
    context = {
        "scopes": scopes,
        "scope": scope,
        "is_authority": isinstance(scope, Authority),
        "relations": relations_of(scope),
        "coverage": curriculum_coverage(rows=figures(user=request.user, scope=scope)),
        "due_lines": [line for line in lines if line.is_due_for_a_check],
        "line_count": len(lines),
        "last_release": Release.objects.visible_to(request.user).order_by("-made_on").first(),
        "health": health_of_installation(),
    }
    return render(request, "privacy/overview.html", context)


@administrator_required
@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    """What adults did, page by page: invited, opened, handed over, erased. It holds nothing of a pupil."""
    act = request.GET.get("act", "")
    lines = trail_of(request.user)
    page = Paginator(lines.filter(act=act) if act in Act.values else lines, 50).get_page(request.GET.get("page"))
    context = {"page": page, "lines": with_actors(page.object_list), "acts": Act.choices, "act": act}
    return render(request, "privacy/trail.html", context)


@administrator_required
@require_http_methods(["GET", "HEAD", "POST"])
def pack(request: HttpRequest, school_id: UUID) -> HttpResponse:
    """Who answers for the data of a school, and the documents for its data protection officer."""
    school = get_object_or_404(School.objects.administered_by(request.user), pk=school_id)
    form = ControllerForm(request.POST or None, instance=school)
    if request.method == "POST" and form.is_valid():
        set_controller(school=school, actor=request.user, **form.cleaned_data)
        messages.success(request, _("Kept. It stands in the documents, and on the pages of pupils and parents."))
        return redirect("privacy:pack", school.pk)
    context = {"school": school, "form": form, "documents": DOCUMENTS}
    return render(request, "privacy/pack.html", context, status=422 if form.is_bound else 200)


@administrator_required
@require_safe
def pack_document(request: HttpRequest, school_id: UUID, document: str) -> HttpResponse:
    """One document of the pack, to read and to print, with what the school has said filled in."""
    school = get_object_or_404(School.objects.administered_by(request.user), pk=school_id)
    if document not in DOCUMENTS:
        raise Http404
    context = {"school": school, "document": document_of(school, document, get_language())}
    return render(request, "privacy/pack_document.html", context)
