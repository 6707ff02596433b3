from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from accounts.views import root

urlpatterns = [
    path("", root, name="root"),
    *i18n_patterns(
        path("", include("accounts.urls")),
        path("", include("lessons.urls")),
        path("", include("quizzes.urls")),
        path("", include("progress.urls")),
        path("", include("privacy.urls")),
        path("staff/account/", include("allauth.urls")),
    ),
    path("admin/", admin.site.urls),
]
