from django.urls import path

from lessons import views

app_name = "lessons"
urlpatterns = [
    path("help/", views.help_index, name="help_index"),
    path("words/", views.glossary, name="glossary"),
    path("me/", views.seat_home, name="seat_home"),
    path("me/pause/", views.seat_pause, name="seat_pause"),
    path("me/reading/", views.reading_help, name="reading_help"),
    path("me/<slug:slug>/", views.module_start, name="module_start"),
    path("me/<slug:slug>/easy/", views.easy_read, name="easy_read"),
    path("me/<slug:slug>/end/", views.module_end, name="module_end"),
    path("service-worker.js", views.service_worker, name="service_worker"),
    path("me/<slug:slug>/kept/", views.module_kept, name="module_kept"),
    path("me/<slug:slug>/waits/", views.module_waits, name="module_waits"),
    path("me/<slug:slug>/certificate/", views.certificate, name="certificate"),
    path("me/<slug:slug>/<int:number>/", views.step_detail, name="step_detail"),
    path("staff/when-a-child-confides/", views.confide, name="confide"),
    path("staff/catalogue/", views.module_list, name="module_list"),
    path("staff/catalogue/<slug:slug>/", views.module_detail, name="module_detail"),
    path("staff/catalogue/<slug:slug>/steps/<int:number>/", views.step_preview, name="step_preview"),
    path("staff/catalogue/<slug:slug>/projector/<int:number>/", views.projector, name="projector"),
    path("staff/catalogue/<slug:slug>/paper/<slug:kind>/", views.module_paper, name="module_paper"),
    path("staff/catalogue/<slug:slug>/assign/", views.assignment_create, name="assignment_create"),
    path("staff/catalogue/<slug:slug>/lesson/", views.composer, name="composer"),
    path("staff/ready-to-teach/", views.ready_to_teach, name="ready_to_teach"),
    path("staff/classes/<uuid:classroom_id>/copy/", views.classroom_copy, name="classroom_copy"),
    path("staff/classes/<uuid:classroom_id>/modules/", views.assignment_list, name="assignment_list"),
    path("staff/classes/<uuid:classroom_id>/modules/adopt/", views.plan_adopt, name="plan_adopt"),
    path("staff/assigned/<uuid:assignment_id>/remove/", views.assignment_delete, name="assignment_delete"),
    path("staff/assigned/<uuid:assignment_id>/move/", views.assignment_move, name="assignment_move"),
    path("staff/assigned/<uuid:assignment_id>/due/", views.assignment_due, name="assignment_due"),
    path("staff/assigned/<uuid:assignment_id>/seats/", views.assignment_seats, name="assignment_seats"),
]
