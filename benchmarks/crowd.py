"""Schools by the ten thousand, made inside the database: copies of one class, with other keys."""

from collections.abc import Mapping

CLASSES, SEATS, MOMENTS = 3, 28, ("BEFORE", "AFTER")
ATTEMPTS = CLASSES * SEATS * len(MOMENTS)  # of each school
SQLITE = {"uuid": "lower(hex(randomblob(16)))", "digest": "lower(hex(randomblob(32)))", "text": "text"}
POSTGRESQL = {"uuid": "gen_random_uuid()", "digest": "md5(random()::text) || md5(random()::text)", "text": "varchar"}


class Crowd:
    """Adds schools like a template, of the year before: its class's seats, readings, tallies, two attempts a seat."""

    def __init__(self, classroom) -> None:
        from django.db import connection

        self.connection, self.classroom = connection, classroom
        self.words = SQLITE if connection.vendor == "sqlite" else POSTGRESQL
        self.schools = 0

    def _run(self, sql: str, *values: object) -> int:
        with self.connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.rowcount

    def _numbers(self, first: int, last: int) -> str:
        if self.connection.vendor == "postgresql":
            return f"generate_series({first}, {last}) AS numbers(n)"
        return (
            f"(WITH RECURSIVE r(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM r WHERE n < {last}) SELECT n FROM r)"
        )

    def _copy(self, model, source: str, changes: Mapping[str, str]) -> int:
        """Rows of a model out of a source that has the template as `t`; what changes is given as SQL."""
        columns = [field.column for field in model._meta.concrete_fields]
        values = ", ".join(changes.get(column, f"t.{column}") for column in columns)
        return self._run(f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) SELECT {values} FROM {source}")

    def _key(self, value) -> str:
        return f"'{value.hex if self.connection.vendor == 'sqlite' else value}'"

    def _day(self, day: str) -> str:
        return f"'{day}'" if self.connection.vendor == "sqlite" else f"DATE '{day}'"

    def grow_to(self, schools: int) -> None:
        """Adds schools up to so many."""
        step = 2000
        while self.schools < schools:
            last = min(schools, self.schools + step)
            self._add(self.schools + 1, last)
            self.schools = last
        with self.connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def add_schools_only(self, schools: int) -> None:
        """More schools, without classes: for pages that read what was published."""
        from accounts.models import School

        uuid, text = self.words["uuid"], self.words["text"]
        source = f"accounts_school t, {self._numbers(self.schools + 1, schools)}"
        source += "" if self.connection.vendor == "postgresql" else " AS numbers"
        where = f"{source} WHERE t.id = {self._key(self.classroom.school_id)}"
        self._copy(School, where, {"id": uuid, "name": f"'School ' || CAST(numbers.n AS {text})"})
        self.schools = schools

    def report_to(self, authority) -> None:
        """Every school there is."""
        postgresql = self.connection.vendor == "postgresql"
        ident, value, no = ("", "", "false") if postgresql else ("id,", "NULL,", "0")
        self._run(
            f"INSERT INTO accounts_authoritymembership ({ident} authority_id, school_id, is_reporting) "
            f"SELECT {value} {self._key(authority.pk)}, id, {no} FROM accounts_school"
        )

    def publish(self, release, band: str, slug: str) -> None:
        """A cell of every school in one place."""
        self._run(
            "INSERT INTO progress_releasecell "
            "(id, release_id, school_key, school_label, band, module_slug, seats_from, seats_to) "
            f"SELECT {self.words['uuid']}, {self._key(release.pk)}, id, name, %s, %s, 20, 29 FROM accounts_school",
            band,
            slug,
        )

    def _add(self, first: int, last: int) -> None:
        from accounts.models import Classroom, School, Seat
        from lessons.models import Reading
        from quizzes.models import Attempt, Tally

        own, uuid, text = self._key(self.classroom.pk), self.words["uuid"], self.words["text"]
        self._run("DROP TABLE IF EXISTS new_school")
        self._run("DROP TABLE IF EXISTS new_class")
        self._run(f"CREATE TEMPORARY TABLE new_school AS SELECT n, {uuid} AS id FROM {self._numbers(first, last)}")
        self._run(
            f"CREATE TEMPORARY TABLE new_class AS SELECT k.n AS k, s.id AS school, {uuid} AS id "
            f"FROM new_school s, (SELECT n FROM {self._numbers(1, CLASSES)}) AS k"
        )
        template = f"accounts_school t, new_school s WHERE t.id = {self._key(self.classroom.school_id)}"
        self._copy(School, template, {"id": "s.id", "name": f"'School ' || CAST(s.n AS {text})"})
        year = self.classroom.school_year - 1
        ids = {"id": uuid, "school_id": "c.school", "school_year": str(year)}
        label = {"label": f"'Copy ' || CAST(c.k AS {text})", "code": f"'CPY' || CAST(c.k AS {text})", "opening": uuid}
        label["created_on"] = self._day(f"{year}-09-02")
        self._copy(Classroom, f"accounts_classroom t, new_class c WHERE t.id = {own}", ids | {"id": "c.id"} | label)
        seats = f"accounts_seat t, new_class c WHERE t.classroom_id = {own} AND t.position <= {SEATS}"
        digests = {"qr_digest": self.words["digest"], "home_digest": self.words["digest"], "group_id": "NULL"}
        self._copy(Seat, seats, ids | {"classroom_id": "c.id"} | digests)
        tallies = f"quizzes_tally t, new_class c WHERE t.classroom_id = {own}"
        self._copy(Tally, tallies, ids | {"classroom_id": "c.id"})
        new = "new_class c JOIN accounts_seat s ON s.classroom_id = c.id"
        ids |= {"seat_id": "s.id"}
        reading = "(SELECT * FROM lessons_reading WHERE done_on IS NOT NULL LIMIT 1) t"
        self._copy(Reading, f"{new}, {reading}", ids | {"done_on": self._day(f"{year + 1}-05-12")})
        for moment in MOMENTS:
            attempt = "(SELECT * FROM quizzes_attempt WHERE moment = 'BEFORE' LIMIT 1) t"
            self._copy(
                Attempt, f"{new}, {attempt}", ids | {"idempotency_key": uuid, "moment": f"'{moment}'", "opening": uuid}
            )
