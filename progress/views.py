import csv
from collections.abc import Iterable
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.decorators import figures_required, teacher_required
from accounts.models import Authority, Classroom, School
from lessons.models import Assignment, Module
from lessons.queries import shown_steps
from progress import queries
from progress.tables import figure_table, report_table


def _classroom(request: HttpRequest, classroom_id: UUID) -> Classroom:
    return get_object_or_404(Classroom.objects.visible_to(request.user).select_related("school"), pk=classroom_id)


def _assigned(classroom: Classroom) -> list[Module]:
    return [a.module for a in Assignment.objects.filter(classroom=classroom).select_related("module")]


def _csv(name: str, rows: Iterable[list[str]]) -> HttpResponse:
    """Cells that a spreadsheet would run as a formula get an apostrophe in front."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response, delimiter=";")
    for row in rows:
        writer.writerow([f"'{cell}" if str(cell)[:1] in "=+-@\t\r" and len(str(cell)) > 0 else cell for cell in row])
    return response


@teacher_required
@require_safe
def cockpit(request: HttpRequest, classroom_id: UUID) -> HttpResponse:
    """The class as it sits now; htmx asks for the seats again every three seconds."""
    classroom = _classroom(request, classroom_id)
    modules = _assigned(classroom)
    asked = request.GET.get("module", "")
    module = next((m for m in modules if m.slug == asked), modules[-1] if modules else None)
    steps = shown_steps(classroom, module) if module else []
    now = queries.cockpit(classroom=classroom, module=module, step_total=len(steps))
    context = {"classroom": classroom, "modules": modules, "module": module, "steps": steps, "now": now}
    template = "progress/_cockpit_seats.html" if request.htmx else "progress/cockpit.html"
    return render(request, template, context)


@teacher_required
@require_safe
def report_index(request: HttpRequest, classroom_id: UUID) -> HttpResponse:
    classroom = _classroom(request, classroom_id)
    overview = queries.class_overview(classroom=classroom)
    return render(request, "progress/report_index.html", {"classroom": classroom, "overview": overview})


def _report(request: HttpRequest, classroom_id: UUID, slug: str) -> queries.ClassReport:
    classroom = _classroom(request, classroom_id)
    module = get_object_or_404(Module.objects.published().filter(assignments__classroom=classroom), slug=slug)
    return queries.class_report(classroom=classroom, module=module)


@teacher_required
@require_safe
def report(request: HttpRequest, classroom_id: UUID, slug: str) -> HttpResponse:
    found = _report(request, classroom_id, slug)
    rows = [
        {
            "label": row.objective.text,
            "before": row.before.share.percent if row.before else None,
            "after": row.after.share.percent if row.after else None,
        }
        for row in found.objectives
    ]
    context = {"report": found, "rows": rows, "table": report_table(found)}
    return render(request, "progress/report.html", context)


@teacher_required
@require_safe
def report_csv(request: HttpRequest, classroom_id: UUID, slug: str) -> HttpResponse:
    found = _report(request, classroom_id, slug)
    return _csv("report", report_table(found).lines())


def _scope(request: HttpRequest) -> tuple[list[School | Authority], School | Authority]:
    """Whose figures: one school's or one authority's at a time, never both added."""
    scopes = [
        *School.objects.administered_by(request.user),
        *Authority.objects.filter(administrators=request.user).order_by("name"),
    ]
    asked = request.GET.get("of", "")
    if asked:
        chosen = next((scope for scope in scopes if str(scope.pk) == asked), None)
        if chosen is None:
            raise Http404
        return scopes, chosen
    return scopes, scopes[0]


@figures_required
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """How many seats finished each module, per band and period: bands of ten, from releases only."""
    scopes, scope = _scope(request)
    rows = queries.figures(user=request.user, scope=scope.pk)
    periods = sorted({row.period for row in rows}, reverse=True)
    asked = request.GET.get("period", "")
    period = asked if asked in periods else next(iter(periods), "")
    shown = [row for row in rows if row.period == period]
    bands = [
        (band, [row for row in shown if row.band == band and (row.seats is None or row.seats.low or row.is_own_band)])
        for band in dict.fromkeys(row.band for row in shown)
    ]
    context = {
        "scopes": scopes,
        "scope": scope,
        "periods": periods,
        "period": period,
        "bands": [
            (
                band,
                [
                    {
                        "label": row.module_title,
                        "low": row.seats.low if row.seats else None,
                        "high": row.seats.high if row.seats else None,
                        "text": f"{row.seats.low}–{row.seats.high}" if row.seats else _("withheld"),
                    }
                    for row in found
                ],
                max([row.seats.high for row in found if row.seats], default=10) + 1,
            )
            for band, found in bands
        ],
        "table": figure_table(shown),
    }
    return render(request, "progress/figures.html", context)


@figures_required
@require_safe
def figures_csv(request: HttpRequest) -> HttpResponse:
    _scopes, scope = _scope(request)
    return _csv("figures", figure_table(queries.figures(user=request.user, scope=scope.pk)).lines())
