from django.urls import path

from quizzes import views

app_name = "quizzes"
urlpatterns = [
    path("late/", views.late, name="late"),
    path("me/<slug:slug>/questions/<str:moment>/", views.quiz_take, name="quiz_take"),
    path("me/<slug:slug>/questions/<str:moment>/save/", views.quiz_save, name="quiz_save"),
    path("me/<slug:slug>/questions/<str:moment>/explained/", views.quiz_explained, name="quiz_explained"),
    path("staff/catalogue/<slug:slug>/questions/", views.quiz_paper, name="quiz_paper"),
    path("staff/catalogue/<slug:slug>/projector/questions/", views.quiz_projector, name="quiz_projector"),
    path("staff/catalogue/<slug:slug>/own-questions/", views.staff_quiz, name="staff_quiz"),
]
