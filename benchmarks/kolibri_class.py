"""Fills a Kolibri with a class of the same size as ours. Run by Kolibri's own Python, from `benchmarks/peers.py`.

Prints as JSON whom to sign in and what to ask for. A channel is made by hand: nothing is fetched.
"""

import datetime
import json
import sys
import uuid

from kolibri.main import initialize

initialize()

from django.utils import timezone  # noqa: E402
from kolibri.core.auth.models import Classroom, Facility, FacilityUser  # noqa: E402
from kolibri.core.content.models import ChannelMetadata, ContentNode  # noqa: E402
from kolibri.core.lessons.models import Lesson, LessonAssignment  # noqa: E402
from kolibri.core.logger.models import AttemptLog, ContentSessionLog, ContentSummaryLog, MasteryLog  # noqa: E402

SEATS, LESSONS, QUESTIONS = 35, 12, 8
PASSWORD = "a long sentence for measuring"
facility = Facility.get_default_facility()
classroom = Classroom.objects.create(name="Class", parent=facility)
coach = FacilityUser.objects.create_user(username="coach", password=PASSWORD, facility=facility)
classroom.add_coach(coach)
learners = [
    FacilityUser.objects.create_user(username=f"learner{number}", password=PASSWORD, facility=facility)
    for number in range(SEATS)
]
for learner in learners:
    classroom.add_member(learner)

channel = uuid.uuid4().hex
root = ContentNode.objects.create(
    id=channel, title="Channel", content_id=uuid.uuid4().hex, channel_id=channel, kind="topic", available=True
)
ChannelMetadata.objects.create(id=channel, name="Channel", root=root, min_schema_version="1")
nodes, lessons = [], []
for number in range(LESSONS):
    node = ContentNode.objects.create(
        id=uuid.uuid4().hex, title=f"Exercise {number}", content_id=uuid.uuid4().hex, channel_id=channel,
        kind="exercise", available=True, parent=root,
    )  # fmt: skip
    resources = [{"contentnode_id": node.id, "content_id": node.content_id, "channel_id": channel}]
    lesson = Lesson.objects.create(
        title=f"Lesson {number}", collection=classroom, created_by=coach, is_active=True, resources=resources
    )
    LessonAssignment.objects.create(lesson=lesson, collection=classroom, assigned_by=coach)
    nodes.append(node)
    lessons.append(lesson)

began = timezone.now() - datetime.timedelta(days=1)
ended = began + datetime.timedelta(minutes=5)
times = {"start_timestamp": began, "end_timestamp": ended, "time_spent": 300}
for learner in learners:
    for node in nodes:
        what = {"user": learner, "content_id": node.content_id, "channel_id": channel, "kind": "exercise", **times}
        summary = ContentSummaryLog.objects.create(progress=1, completion_timestamp=ended, **what)
        session = ContentSessionLog.objects.create(progress=1, **what)
        mastery = MasteryLog.objects.create(
            user=learner, summarylog=summary, mastery_level=1, complete=True, completion_timestamp=ended,
            mastery_criterion={"type": "m_of_n", "m": 8, "n": 8}, **times,
        )  # fmt: skip
        for item in range(QUESTIONS):
            AttemptLog.objects.create(
                user=learner, masterylog=mastery, sessionlog=session, item=str(item), correct=1, complete=True,
                completion_timestamp=ended, interaction_history=[], answer={}, simple_answer="", **times,
            )  # fmt: skip

json.dump(
    {
        "facility": facility.id,
        "classroom": classroom.id,
        "password": PASSWORD,
        "learners": [learner.username for learner in learners],
        "channel": channel,
        "node": nodes[0].id,
        "content": nodes[0].content_id,
        "lesson": lessons[0].id,
    },
    sys.stdout,
)
