from django.urls import include, path

from accounts import views

app_name = "accounts"

seat = [
    path("reissue/", views.seat_reissue, name="seat_reissue"),
    path("end-sitting/", views.seat_end_sitting, name="seat_end_sitting"),
    path("sit-here/", views.seat_sit_here, name="seat_sit_here"),
]
classroom = [
    path("", views.classroom_detail, name="classroom_detail"),
    path("cards/", views.classroom_cards, name="classroom_cards"),
    path("paper/", views.seat_list_paper, name="seat_list_paper"),
    path("open/", views.classroom_open, name="classroom_open"),
    path("close/", views.classroom_close, name="classroom_close"),
    path("homework/", views.classroom_homework, name="classroom_homework"),
    path("reissue/", views.classroom_reissue, name="classroom_reissue"),
    path("share/", views.classroom_share, name="classroom_share"),
    path("share/<int:teaching_id>/end/", views.classroom_unshare, name="classroom_unshare"),
    path("groups/", views.seat_groups, name="seat_groups"),
    path("seats/add/", views.seat_add, name="seat_add"),
    path("seats/<uuid:seat_id>/", include(seat)),
    path("waiting/<uuid:waiting_id>/approve/", views.waiting_approve, name="waiting_approve"),
]
people = [
    path("", views.staff_list, name="staff_list"),
    path("<uuid:school_id>/", views.staff_school, name="staff_school"),
    path("<uuid:school_id>/invite/", views.staff_invite, name="staff_invite"),
    path("<uuid:school_id>/hand-over/", views.staff_hand_over, name="staff_hand_over"),
    path("<uuid:school_id>/invitations/<uuid:invitation_id>/revoke/", views.staff_revoke, name="staff_revoke"),
    path("<uuid:school_id>/roles/<int:membership_id>/end/", views.staff_end, name="staff_end"),
]
authorities = [
    path("", views.authority_list, name="authority_list"),
    path("<uuid:authority_id>/ask/", views.authority_ask, name="authority_ask"),
    path("requests/<uuid:request_id>/withdraw/", views.authority_withdraw, name="authority_withdraw"),
    path("requests/<uuid:request_id>/answer/", views.authority_answer, name="authority_answer"),
    path("schools/<int:membership_id>/end/", views.authority_end, name="authority_end"),
    path("schools/<int:membership_id>/report/", views.authority_report, name="authority_report"),
]
urlpatterns = [
    path("", views.home, name="home"),
    path("about/", views.about, name="about"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("sit/", views.sit_down, name="sit_down"),
    path("sit/wait/", views.sit_down_wait, name="sit_down_wait"),
    path("card/", views.sit_down_card, name="sit_down_card"),
    path("not-me/", views.not_you, name="not_you"),
    path("stand-up/", views.stand_up, name="stand_up"),
    path("bye/", views.stood_up, name="stood_up"),
    path("leave/", views.seat_leave, name="seat_leave"),
    path("staff/", views.staff_home, name="staff_home"),
    path("staff/join/<str:token>/", views.invitation_accept, name="invitation_accept"),
    path("staff/account/second-factor/", views.second_factor, name="second_factor"),
    path("staff/account/sessions/", views.session_list, name="session_list"),
    path("staff/account/sessions/end/", views.session_end, name="session_end"),
    path("staff/people/", include(people)),
    path("staff/authorities/", include(authorities)),
    path("staff/classes/", views.classroom_list, name="classroom_list"),
    path("staff/classes/new/", views.classroom_create, name="classroom_create"),
    path("staff/classes/new/several/", views.classroom_create_several, name="classroom_create_several"),
    path("staff/classes/new/several/make/", views.classroom_make, name="classroom_make"),
    path("staff/classes/<uuid:classroom_id>/", include(classroom)),
]
