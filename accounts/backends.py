"""Sessions of staff: Django's, in the database, with whose each is. Pupils have none."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.db import transaction

from accounts.models import SignedIn


class SessionStore(db.SessionStore):
    noted = None
    """Of whom the database knows that this session is theirs."""

    def load(self) -> dict:
        data = super().load()
        self.noted = data.get(SESSION_KEY)
        return data

    def create(self) -> None:
        self.noted = None  # a new key
        super().create()

    def save(self, must_create: bool = False) -> None:
        user = None if must_create else self.get(SESSION_KEY)
        with transaction.atomic(savepoint=False):
            super().save(must_create)
            if user != self.noted:
                SignedIn.objects.filter(session=self.session_key).delete()
                if user is not None:
                    SignedIn.objects.create(session_id=self.session_key, user_id=user)
        self.noted = user
