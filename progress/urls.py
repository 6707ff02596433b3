from django.urls import path

from progress import views

app_name = "progress"
urlpatterns = [
    path("staff/classes/<uuid:classroom_id>/now/", views.cockpit, name="cockpit"),
    path("staff/classes/<uuid:classroom_id>/now/pause/", views.lesson_pause, name="lesson_pause"),
    path("staff/classes/<uuid:classroom_id>/now/step/", views.lesson_step, name="lesson_step"),
    path("staff/classes/<uuid:classroom_id>/now/vote/", views.vote, name="vote"),
    path("staff/classes/<uuid:classroom_id>/now/vote/open/", views.vote_open, name="vote_open"),
    path("staff/classes/<uuid:classroom_id>/now/vote/close/", views.vote_close, name="vote_close"),
    path("staff/classes/<uuid:classroom_id>/now/vote/away/", views.vote_away, name="vote_away"),
    path("staff/classes/<uuid:classroom_id>/absent/", views.lesson_reopen, name="lesson_reopen"),
    path("staff/classes/<uuid:classroom_id>/took-part/<slug:slug>/", views.took_part, name="took_part"),
    path("staff/classes/<uuid:classroom_id>/report/", views.report_index, name="report_index"),
    path("staff/classes/<uuid:classroom_id>/report/<slug:slug>/", views.report, name="report"),
    path("staff/classes/<uuid:classroom_id>/report/<slug:slug>/table.csv", views.report_csv, name="report_csv"),
    path("staff/figures/", views.figures, name="figures"),
    path("staff/figures/table.csv", views.figures_csv, name="figures_csv"),
]
