"""What a device keeps so that a module goes on without network. Never of a sensitive module."""

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.decorators import public, seat_required
from lessons.models import Module
from lessons.queries import shown_steps
from lessons.secrets import public_key

KEEP = "X-Balise-Keep"
TICKET_SALT = "balise.late"
WORKER = settings.BASE_DIR / "static" / "js" / "service-worker.js"


def is_kept(request: HttpRequest, module: Module) -> bool:
    """Whether the device asks for this page to keep it, and may."""
    return KEEP in request.headers and not module.is_sensitive and bool(settings.BALISE_OUTBOX_KEY)


def keepable(response: HttpResponse, is_to_be_kept: bool) -> HttpResponse:
    if is_to_be_kept:
        response[KEEP] = "1"
    return response


@public
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Lies at the top of a language's pages, since a worker sees only what lies below it."""
    response = HttpResponse(WORKER.read_text(), content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


@seat_required
@require_safe
def module_kept(request: HttpRequest, slug: str) -> JsonResponse:
    """Which pages to keep, the server's public key, and a ticket that is sealed into each entry."""
    modules = Module.objects.open_to(request.seat, is_home=request.sitting.is_home).filter(is_sensitive=False)
    module = get_object_or_404(modules, slug=slug)
    if not settings.BALISE_OUTBOX_KEY:
        raise Http404
    seat, steps = request.seat, len(shown_steps(request.seat, module))
    ticket = {"seat": seat.pk.hex, "card": seat.card_version, "module": slug}
    pages = [
        reverse("lessons:module_start", args=[slug]),
        *(reverse("lessons:step_detail", args=[slug, number]) for number in range(1, steps + 1)),
        *(reverse("quizzes:quiz_take", args=[slug, moment]) for moment in ("before", "after")),
        reverse("lessons:module_waits", args=[slug]),
    ]
    return JsonResponse(
        {
            "key": public_key(settings.BALISE_OUTBOX_KEY),
            "ticket": signing.dumps(ticket, salt=TICKET_SALT),
            "mark": signing.Signer(salt="balise.mark").signature(f"{request.sitting.pk}{module.content_hash}")[:16],
            "steps": steps,
            "pages": pages,
        }
    )


@seat_required
@require_safe
def module_waits(request: HttpRequest, slug: str) -> HttpResponse:
    """Where the questions lead when they were handed in without network: kept here, handed in later."""
    modules = Module.objects.open_to(request.seat, is_home=request.sitting.is_home)
    module = get_object_or_404(modules, slug=slug)
    response = render(request, "lessons/module_waits.html", {"module": module})
    return keepable(response, is_kept(request, module))
