"""Schools and the authorities that read their releases: who belongs to whom, and who has agreed to it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import operations
from accounts.decorators import administrator_required, figures_required
from accounts.forms import AskSchoolForm
from accounts.models import Authority, AuthorityMembership, AuthorityRequest, School


def _mine(request: HttpRequest) -> tuple:
    """The schools that the person administers, and the authorities."""
    schools = School.objects.administered_by(request.user)
    return schools, Authority.objects.filter(administrators=request.user).order_by("name")


def _page(request: HttpRequest, status: int = 200, asked: Authority | None = None, form=None) -> HttpResponse:
    schools, authorities = _mine(request)
    memberships = AuthorityMembership.objects.select_related("school", "authority")
    context = {
        "offices": [
            {
                "authority": one,
                "memberships": memberships.filter(authority=one).order_by("school__name"),
                "requests": one.requests.all(),
                "form": form if one == asked else AskSchoolForm(auto_id=f"{one.pk}_%s"),
            }
            for one in authorities
        ],
        "schools": [
            {
                "school": one,
                "memberships": memberships.filter(school=one).order_by("authority__name"),
                "requests": one.authority_requests.select_related("authority"),
            }
            for one in schools
        ],
    }
    return render(request, "accounts/authority_list.html", context, status=status)


@figures_required
@require_safe
def authority_list(request: HttpRequest) -> HttpResponse:
    return _page(request)


@figures_required
@require_POST
def authority_ask(request: HttpRequest, authority_id: UUID) -> HttpResponse:
    """Asks a school by the key that it gave. It belongs to the authority once it has agreed."""
    authority = get_object_or_404(_mine(request)[1], pk=authority_id)
    form = AskSchoolForm(request.POST, auto_id=f"{authority.pk}_%s")
    if not form.is_valid():
        return _page(request, status=422, asked=authority, form=form)
    if operations.ask_school(authority=authority, key=form.cleaned_data["key"], actor=request.user) is None:
        form.add_error("key", _("No school has this key, or it belongs to this authority already."))
        return _page(request, status=422, asked=authority, form=form)
    messages.success(request, _("The school is asked. It appears here once its administrators have agreed."))
    return redirect("accounts:authority_list")


@figures_required
@require_POST
def authority_withdraw(request: HttpRequest, request_id: UUID) -> HttpResponse:
    asked = get_object_or_404(AuthorityRequest, pk=request_id, authority__in=_mine(request)[1])
    operations.withdraw_request(request=asked)
    messages.success(request, _("The school is asked no longer."))
    return redirect("accounts:authority_list")


@administrator_required
@require_POST
def authority_answer(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The school's own word."""
    schools = _mine(request)[0]
    found = get_object_or_404(AuthorityRequest.objects.select_related("school", "authority"), pk=request_id)
    if found.school not in schools:
        raise Http404
    agrees = request.POST.get("agrees") == "yes"
    operations.answer_authority(request=found, agrees=agrees, actor=request.user)
    text = _("%(name)s now reads the releases of this school.") if agrees else _("%(name)s is refused.")
    messages.success(request, text % {"name": found.authority.name})
    return redirect("accounts:authority_list")


@figures_required
@require_POST
def authority_end(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Either side may end it."""
    schools, authorities = _mine(request)
    membership = get_object_or_404(AuthorityMembership.objects.select_related("school", "authority"), pk=membership_id)
    by_school = membership.school in schools
    if not by_school and membership.authority not in authorities:
        raise Http404
    operations.end_authority(membership=membership, actor=request.user, by_school=by_school)
    text = _("%(authority)s no longer reads the releases of %(school)s.")
    messages.success(request, text % {"authority": membership.authority.name, "school": membership.school.name})
    return redirect("accounts:authority_list")


@administrator_required
@require_POST
def authority_report(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Which authority's totals the school counts in."""
    membership = get_object_or_404(
        AuthorityMembership.objects.select_related("school", "authority"),
        pk=membership_id,
        school__in=_mine(request)[0],
    )
    operations.choose_reporting(membership=membership, actor=request.user)
    text = _("From the next release on, this school counts in the totals of %(name)s.")
    messages.success(request, text % {"name": membership.authority.name})
    return redirect("accounts:authority_list")
