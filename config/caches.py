"""The cache of content: in the process, unpacked."""

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache

KEPT_SECONDS = 300  # a file that is loaded anew has another hash, hence another key


class SharedCache(LocMemCache):
    """Hands out what was put in, not a copy: for what is the same for everybody and is changed by nobody.

    Django's own packs and unpacks each value, which costs more than most reads that it saves.
    """

    def validate_key(self, key: str) -> None:
        """Every key is ours; a check of each character is for servers that are spoken to in text."""

    def get(self, key: str, default: object = None, version: int | None = None) -> object:
        key = self.make_and_validate_key(key, version=version)
        with self._lock:
            if self._has_expired(key):
                self._delete(key)
                return default
            self._cache.move_to_end(key, last=False)
            return self._cache[key]

    def set(self, key: str, value: object, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        with self._lock:
            self._set(self.make_and_validate_key(key, version=version), value, timeout)

    def add(self, key: str, value: object, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        key = self.make_and_validate_key(key, version=version)
        with self._lock:
            is_new = self._has_expired(key)
            if is_new:
                self._set(key, value, timeout)
            return is_new
