"""Staff: who is here, who is invited, who leaves."""

from uuid import UUID

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.core.mail import send_mail
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import operations
from accounts.decorators import administrator_required, public
from accounts.forms import AcceptForm, HandOverForm, InviteForm
from accounts.models import Invitation, School, User
from accounts.queries import audit_lines_of, members_of, open_invitations_of
from accounts.views.onward import confirm
from config import rows


def _school(request: HttpRequest, school_id: UUID) -> School:
    return get_object_or_404(School.objects.administered_by(request.user), pk=school_id)


def _people_url(school: School) -> str:
    return reverse("accounts:staff_school", args=[school.pk])


def _people(request: HttpRequest, school: School, status: int = 200, **forms) -> HttpResponse:
    context = {
        "school": school,
        "schools": School.objects.administered_by(request.user),
        "members": members_of(school),
        "invitations": open_invitations_of(school),
        "audit_lines": audit_lines_of(school),
        "invite_form": InviteForm(),
        "hand_over_form": HandOverForm(school=school),
    }
    return render(request, "accounts/staff_list.html", context | forms, status=status)


@administrator_required
@require_safe
def staff_list(request: HttpRequest) -> HttpResponse:
    return _people(request, School.objects.administered_by(request.user).first())


@administrator_required
@require_safe
def staff_school(request: HttpRequest, school_id: UUID) -> HttpResponse:
    return _people(request, _school(request, school_id))


@administrator_required
@require_POST
def staff_invite(request: HttpRequest, school_id: UUID) -> HttpResponse:
    school = _school(request, school_id)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _people(request, school, status=422, invite_form=form)
    invitation, token = operations.invite(school=school, actor=request.user, **form.cleaned_data)
    try:
        _send_invitation(request, invitation, token)
    except OSError:  # of the mail server; smtplib's errors are of this kind
        messages.error(
            request, _("The e-mail could not be sent. Try again later, or ask who looks after this machine.")
        )
    else:
        messages.success(request, _("The invitation is sent to %(email)s.") % {"email": invitation.email})
    return redirect(_people_url(school))


def _send_invitation(request: HttpRequest, invitation: Invitation, token: str) -> None:
    """In the school's language; the link works once."""
    with translation.override(invitation.school.language):
        path = reverse("accounts:invitation_accept", args=[token])
        base = settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")
        text = render_to_string("accounts/invitation_email.txt", {"invitation": invitation, "link": base + path})
        subject = _("Your place on Balise")
    send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [invitation.email])


@administrator_required
@require_POST
def staff_revoke(request: HttpRequest, school_id: UUID, invitation_id: UUID) -> HttpResponse:
    school = _school(request, school_id)
    invitation = get_object_or_404(school.invitations.filter(accepted_on__isnull=True), pk=invitation_id)
    undo = operations.revoke_invitation(invitation=invitation, actor=request.user)
    confirm(request, _("The invitation is withdrawn: its link no longer works."), undo)
    return redirect(_people_url(school))


@administrator_required
@require_POST
def staff_end(request: HttpRequest, school_id: UUID, membership_id: int) -> HttpResponse:
    school = _school(request, school_id)
    membership = get_object_or_404(members_of(school), pk=membership_id)
    if membership.user_id == request.user.pk:
        messages.error(request, _("You cannot end your own role: ask another administrator."))
        return redirect(_people_url(school))
    undo = operations.end_membership(membership=membership, actor=request.user)
    confirm(request, _("The role of %(name)s has ended.") % {"name": membership.user}, undo)
    return redirect(_people_url(school))


@administrator_required
@require_POST
def staff_hand_over(request: HttpRequest, school_id: UUID) -> HttpResponse:
    school = _school(request, school_id)
    form = HandOverForm(request.POST, school=school)
    if not form.is_valid():
        return _people(request, school, status=422, hand_over_form=form)
    undo = operations.hand_over(school=school, actor=request.user, **form.cleaned_data)
    text = ngettext("%(count)s class is handed over.", "%(count)s classes are handed over.", undo.count)
    confirm(request, text % {"count": undo.count}, undo)
    return redirect(_people_url(school))


@public
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    """Where an invitation's link leads. An open account must be signed in to; otherwise the account is made here."""
    digest = operations.digest_of_invitation(token)
    rows.admit("invitation", digest)
    invitation = Invitation.objects.select_related("school").filter(token_digest=digest).first()
    if invitation is None or not invitation.is_open:
        return _gone(request)
    account = User.objects.filter(email=invitation.email, is_active=True).first()
    form = AcceptForm(request.POST or None, email=invitation.email)
    context = {"invitation": invitation, "form": form, "account": account}
    if account and (request.method != "POST" or request.user != account):
        return render(request, "accounts/invitation_accept.html", context)
    if not account and (request.method != "POST" or not form.is_valid()):
        status = 422 if request.method == "POST" else 200
        return render(request, "accounts/invitation_accept.html", context, status=status)
    user = operations.accept_invitation(invitation=invitation, user=account, **_identity(form, account))
    if user is None:
        return _gone(request)
    if account:
        return redirect("accounts:staff_home")
    return perform_login(request, user, email_verification="none", redirect_url=reverse("accounts:staff_home"))


def _identity(form: AcceptForm, account: User | None) -> dict[str, str]:
    if account:
        return {}
    data = form.cleaned_data
    return {"name": data["name"], "password": data["password1"], "language": get_language()}


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/invitation_gone.html", status=404)
