"""How staff read the modules that are made for them: step after step, then their own questions."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.decorators import staff_required
from accounts.enums import Band
from lessons.models import Module


@staff_required
@require_safe
def staff_step(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A step of a staff module. Nothing is kept of how far somebody has read."""
    module = get_object_or_404(Module.objects.published(), slug=slug, band=Band.STAFF)
    steps = list(module.steps.order_by("position"))
    if not 1 <= number <= len(steps):
        raise Http404
    step = steps[number - 1]
    context = {
        "module": module,
        "steps": steps,
        "step": step,
        "number": number,
        "total": len(steps),
        "scenes": step.scenes.prefetch_related("replies__next_scene").order_by("position"),
        "terms": module.glossary_terms.all(),
    }
    return render(request, "lessons/staff_step.html", context)
