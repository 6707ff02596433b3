"""How allauth is to behave here: by invitation only, with little kept."""

import base64
import hashlib
import hmac

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from requests import Session

SEALED = "sealed:"


class AccountAdapter(DefaultAccountAdapter):
    """Staff come by invitation only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """A school's identity provider signs in whom the school invited; of what it tells, only who it is stays."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        sociallogin.account.extra_data = {}
        if sociallogin.account.pk:
            sociallogin.account.save(update_fields=["extra_data"])

    def get_requests_session(self) -> Session:
        """Asks the provider that the operator named, and goes nowhere that an answer leads to."""
        session = super().get_requests_session()
        session.max_redirects = 0
        return session

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict):
        """Names are given by people themselves, when they accept their invitation."""
        return sociallogin.user


class MFAAdapter(DefaultMFAAdapter):
    """The secrets of second factors stand in the database under a key that does not."""

    def _sealer(self) -> MultiFernet:
        """The newest secret key seals; earlier ones that are still believed open."""
        keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        derived = [hmac.new(key.encode(), b"balise second factor", hashlib.sha256).digest() for key in keys]
        return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])

    def encrypt(self, text: str) -> str:
        return SEALED + self._sealer().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """A secret that no key opens any more is nobody's: no code fits it."""
        if not encrypted_text.startswith(SEALED):
            return encrypted_text
        try:
            return self._sealer().decrypt(encrypted_text.removeprefix(SEALED)).decode()
        except InvalidToken:
            return ""

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": "Balise"}
