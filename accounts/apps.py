from django.apps import AppConfig
from django.core import checks


def nobody_signs_up(app_configs, **kwargs) -> list[checks.Error]:
    """Staff come by invitation. Whatever opens the door, by mistake or by a setting, stops the start."""
    from allauth.account.adapter import get_adapter  # allauth's models are loaded after this module
    from allauth.socialaccount.adapter import get_adapter as get_social_adapter

    doors = [get_adapter().is_open_for_signup(None), get_social_adapter().is_open_for_signup(None, None)]
    if not any(doors):
        return []
    return [checks.Error("Anybody could sign up: staff come by invitation only.", id="balise.E001")]


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        checks.register(nobody_signs_up)
