"""Reports of a class, and figures that leave it."""

import csv
from collections.abc import Iterable
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.decorators import figures_required, teacher_required
from accounts.models import Authority, Classroom, School
from lessons.queries import assignment_of
from progress import queries

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def classroom_of(request: HttpRequest, classroom_id: UUID) -> Classroom:
    return get_object_or_404(Classroom.objects.visible_to(request.user).select_related("school"), pk=classroom_id)


class _Line:
    """What a csv writer writes to, so that a line can be sent as soon as it is made."""

    def write(self, text: str) -> str:
        return text


def _written(lines: Iterable[Iterable[str]]) -> Iterable[str]:
    """Semicolons and a mark of UTF-8, as a spreadsheet expects. What it would run as a formula gets an apostrophe."""
    writer = csv.writer(_Line(), delimiter=";")
    yield "\ufeff"
    for line in lines:
        yield writer.writerow([f"'{cell}" if cell.lstrip().startswith(FORMULA) else cell for cell in line])


def _csv(name: str, lines: Iterable[Iterable[str]], *, is_long: bool = False) -> HttpResponseBase:
    """A file to keep; a long one is sent as it is read."""
    response = StreamingHttpResponse if is_long else HttpResponse
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return response(_written(lines), content_type="text/csv; charset=utf-8", headers=headers)


@teacher_required
@require_safe
def report_index(request: HttpRequest, classroom_id: UUID) -> HttpResponse:
    """Seats × modules, and the way to each module's report."""
    classroom = classroom_of(request, classroom_id)
    overview = queries.class_overview(classroom=classroom)
    return render(request, "progress/report_index.html", {"classroom": classroom, "overview": overview})


def _report(request: HttpRequest, classroom_id: UUID, slug: str) -> queries.ClassReport:
    """Of a module that is on the class's list, or was when somebody did it."""
    found = assignment_of(request.user, classroom_id, slug)
    if found is None:
        raise Http404
    return queries.class_report(classroom=found.classroom, module=found.module, is_for_chosen=found.is_for_chosen)


@teacher_required
@require_safe
def report(request: HttpRequest, classroom_id: UUID, slug: str) -> HttpResponse:
    """What a class understood of a module, from published counts."""
    found = _report(request, classroom_id, slug)
    context = {
        "report": found,
        "classroom": found.classroom,
        "module": found.module,
        "gain": queries.gain_text(found.gain),
        "chart": queries.gain_chart(found),
        "table": queries.report_table(found),
    }
    return render(request, "progress/report.html", context)


@teacher_required
@require_safe
def report_csv(request: HttpRequest, classroom_id: UUID, slug: str) -> HttpResponse:
    return _csv(f"balise-{slug}", queries.report_table(_report(request, classroom_id, slug)).lines())


def scope_of(request: HttpRequest) -> tuple[list[School | Authority], School | Authority]:
    """Whose figures: one school's or one authority's at a time, never both added."""
    scopes = [
        *School.objects.administered_by(request.user),
        *Authority.objects.filter(administrators=request.user).order_by("name"),
    ]
    asked = request.GET.get("of", "")
    scope = next((one for one in scopes if str(one.pk) == asked or not asked), None)
    if scope is None:
        raise Http404
    return scopes, scope


def _figures(request: HttpRequest, scope: School | Authority) -> tuple[list[str], str, list[queries.FigureRow]]:
    """The terms there are, the one asked for (the newest by default) and its rows."""
    rows = queries.figures(user=request.user, scope=scope)
    periods = list(dict.fromkeys(row.period for row in rows))
    asked = request.GET.get("period", "")
    period = asked if asked in periods else next(iter(periods), "")
    return periods, period, [row for row in rows if row.period == period]


@figures_required
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """How many seats finished each module, per band and term: bands of ten, from releases only."""
    scopes, scope = scope_of(request)
    periods, period, rows = _figures(request, scope)
    context = {
        "scopes": scopes,
        "scope": scope,
        "is_authority": isinstance(scope, Authority),
        "is_without_schools": queries.is_too_large_to_list(scope),
        "is_synthetic": queries.is_synthetic(scope),
        "periods": periods,
        "period": period,
        "bands": queries.bands_of(rows),
        "state": queries.release_state(scope),
    }
    return render(request, "progress/figures.html", context)


@figures_required
@require_safe
def figures_csv(request: HttpRequest) -> HttpResponseBase:
    _scopes, scope = scope_of(request)
    _periods, period, rows = _figures(request, scope)
    lines = queries.figure_lines(user=request.user, scope=scope, rows=rows)
    return _csv(f"balise-{period or 'empty'}", lines, is_long=queries.is_too_large_to_list(scope))
