from django.urls import path

from privacy import views

app_name = "privacy"
urlpatterns = [
    path("what-we-keep/", views.what_we_keep, name="what_we_keep"),
    path("me/kept/", views.seat_data, name="seat_data"),
    path("staff/classes/<uuid:classroom_id>/seats/<uuid:seat_id>/free/", views.seat_free, name="seat_free"),
    path("staff/undo/", views.act_undo, name="act_undo"),
    path("staff/overview/", views.overview, name="overview"),
    path("staff/pack/<uuid:school_id>/", views.pack, name="pack"),
    path("staff/pack/<uuid:school_id>/<slug:document>/", views.pack_document, name="pack_document"),
    path("staff/trail/", views.trail, name="trail"),
    path("staff/year-end/", views.year_end, name="year_end"),
    path("staff/year-end/several/", views.erase_several, name="erase_several"),
    path("staff/year-end/several/progress/", views.erase_progress, name="erase_progress"),
    path("staff/year-end/<uuid:line_id>/", views.receipt, name="receipt"),
]
