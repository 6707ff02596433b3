from django.urls import path

from progress import views

app_name = "progress"
urlpatterns = [
    path("staff/classes/<uuid:classroom_id>/now/", views.cockpit, name="cockpit"),
    path("staff/classes/<uuid:classroom_id>/report/", views.report_index, name="report_index"),
    path("staff/classes/<uuid:classroom_id>/report/<slug:slug>/", views.report, name="report"),
    path("staff/classes/<uuid:classroom_id>/report/<slug:slug>/table.csv", views.report_csv, name="report_csv"),
    path("staff/figures/", views.figures, name="figures"),
    path("staff/figures/table.csv", views.figures_csv, name="figures_csv"),
]
