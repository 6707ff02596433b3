"""How passwords are kept, and words that every guesser tries first in a place like this."""

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

OWN_WORDS = (
    "1234567890", "qwerty", "azerty", "balise", "school", "teacher", "classroom", "pupil", "password", "welcome",
    "administrator", "ecole", "école", "college", "collège", "lycee", "lycée", "professeur", "enseignant", "classe",
    "enseignante", "maitresse", "maîtresse", "eleve", "élève", "motdepasse", "bienvenue", "administrateur",
    "administratrice",
)  # fmt: skip
LEAST = 8  # characters that are left when such words and digits are taken away


class PasswordHasher(Argon2PasswordHasher):
    """Argon2id at twice OWASP's minimum of 46 MiB once: a third of the time of Django's own 100 MiB over 8 threads.

    The machine of a school has two cores and a class in it: several who type a password must not make it wait. A
    stronger hash of earlier versions stays as it is. To make it anew at a sign-in would end the other sessions.
    """

    memory_cost, time_cost, parallelism = 46 * 1024, 2, 1

    def must_update(self, encoded: str) -> bool:
        kept = self.decode(encoded)
        return kept["memory_cost"] < self.memory_cost or kept["time_cost"] < self.time_cost


class OwnWordsValidator:
    """Refuses a password of which little is left without the words of this place and without digits."""

    def validate(self, password: str, user=None) -> None:
        left, found = password.casefold(), ""
        for word in sorted(OWN_WORDS, key=len, reverse=True):
            if word in left:
                left, found = left.replace(word, ""), found or word
        if found and sum(one.isalpha() for one in left) < LEAST:
            raise ValidationError(
                _("This password leans on a word that everybody tries here: %(word)s. Take a sentence of your own."),
                code="password_of_own_words",
                params={"word": found},
            )

    def get_help_text(self) -> str:
        return _("It does not lean on the words that everybody tries here, such as “school” or “balise”.")
