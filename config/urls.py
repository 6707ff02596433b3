from inspect import unwrap

from allauth.account.decorators import secure_admin_login
from allauth.mfa.totp.views import activate_totp
from csp.decorators import csp_update
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.views.defaults import bad_request, page_not_found, permission_denied

from accounts.views import root
from config.views import healthz, robots, security

# One door: the admin has no sign-in of its own, so that the second factor and the limits of the other hold here too.
admin.site.login = secure_admin_login(admin.site.login)

# Django's pages for errors read the form once more, for a token; where the form is what failed, they fail too.
# Our CsrfMiddleware has read the token's cookie before.
handler400, handler403, handler404 = map(unwrap, (bad_request, permission_denied, page_not_found))
handler500 = "config.views.fault"
urlpatterns = [
    path("", root, name="root"),
    path("healthz", healthz, name="healthz"),
    path("robots.txt", robots, name="robots"),
    path(".well-known/security.txt", security, name="security"),
    *i18n_patterns(
        path("", include("accounts.urls")),
        path("", include("privacy.urls")),  # before lessons: "me/kept/" is no module
        path("", include("lessons.urls")),
        path("", include("quizzes.urls")),
        path("", include("progress.urls")),
        # The one image that is no file: the QR code of a second factor, drawn for this page only.
        path("staff/account/2fa/totp/activate/", csp_update({"img-src": ["data:"]})(activate_totp)),
        path("staff/account/", include("allauth.urls")),
    ),
    path("admin/", admin.site.urls),
]
