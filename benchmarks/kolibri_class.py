"""Fills a Kolibri with what a class of ours has after a term. Run by Kolibri's own Python, from `benchmarks/peers.py`.

A module of ours is a lesson of eight resources here, and its questions before and after are two quizzes of eight; all
is read and answered by everybody, but for the last quiz, which is open. Rows are shaped as Kolibri's own
`manage generateuserdata` and its quiz pages write them. A channel is made by hand: nothing is fetched.
Prints as JSON whom to sign in and what to ask for.
"""

import datetime
import json
import random
import sys
import uuid

from kolibri.main import initialize

initialize()

from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from kolibri.core.auth.models import Classroom, Facility, FacilityUser  # noqa: E402
from kolibri.core.content.models import AssessmentMetaData, ChannelMetadata, ContentNode  # noqa: E402
from kolibri.core.exams.models import Exam, ExamAssignment  # noqa: E402
from kolibri.core.lessons.models import Lesson, LessonAssignment  # noqa: E402
from kolibri.core.logger.models import AttemptLog, ContentSessionLog, ContentSummaryLog, MasteryLog  # noqa: E402

SEATS, LESSONS, RESOURCES, QUIZZES, QUESTIONS = 35, 12, 8, 24, 8
PASSWORD = "a long sentence for measuring"
EXERCISE = {"type": "m_of_n", "m": 8, "n": 8}
chance = random.Random(8)


def people(facility: Facility) -> tuple[Classroom, FacilityUser, list[FacilityUser]]:
    classroom = Classroom.objects.create(name="Class", parent=facility)
    coach, *learners = (
        FacilityUser.objects.create_user(username=name, password=PASSWORD, facility=facility)
        for name in ("coach", *(f"learner{number}" for number in range(SEATS)))
    )
    classroom.add_coach(coach)
    for learner in learners:
        classroom.add_member(learner)
    return classroom, coach, learners


def a_channel() -> list[ContentNode]:
    """Of each lesson all resources are pages but the last, an exercise."""
    channel = uuid.uuid4().hex
    common = {"channel_id": channel, "available": True}
    root = ContentNode.objects.create(id=channel, title="Channel", content_id=uuid.uuid4().hex, kind="topic", **common)
    ChannelMetadata.objects.create(id=channel, name="Channel", root=root, min_schema_version="1")
    nodes = []
    for number in range(LESSONS * RESOURCES):
        kind = "exercise" if number % RESOURCES == RESOURCES - 1 else "html5"
        ids = {"id": uuid.uuid4().hex, "content_id": uuid.uuid4().hex}
        title = f"What an image can say, and what it leaves out, {number}"
        nodes.append(ContentNode.objects.create(title=title, kind=kind, parent=root, **ids, **common))
        if kind == "exercise":
            AssessmentMetaData.objects.create(
                id=uuid.uuid4().hex, contentnode=nodes[-1], number_of_assessments=QUESTIONS, mastery_model=EXERCISE,
                assessment_item_ids=[uuid.uuid4().hex for _item in range(QUESTIONS)], randomize=True,
                is_manipulable=False,
            )  # fmt: skip
    return nodes


def lessons_of(classroom: Classroom, coach: FacilityUser, nodes: list[ContentNode]) -> list[Lesson]:
    made = []
    for number in range(LESSONS):
        own = nodes[RESOURCES * number : RESOURCES * (number + 1)]
        resources = [
            {"contentnode_id": node.id, "content_id": node.content_id, "channel_id": node.channel_id} for node in own
        ]
        lesson = Lesson.objects.create(
            title=f"Lesson {number}", collection=classroom, created_by=coach, is_active=True, resources=resources
        )
        LessonAssignment.objects.create(lesson=lesson, collection=classroom, assigned_by=coach)
        made.append(lesson)
    return made


def quizzes_of(classroom: Classroom, coach: FacilityUser, exercises: list[ContentNode]) -> list[Exam]:
    made = []
    for number in range(QUIZZES):
        node = exercises[number // 2 % len(exercises)]
        questions = [
            {"exercise_id": node.id, "question_id": item, "title": node.title, "counter_in_exercise": place + 1}
            for place, item in enumerate(node.assessmentmetadata.first().assessment_item_ids)
        ]
        section = {"section_id": uuid.uuid4().hex, "section_title": "", "description": "", "questions": questions}
        section |= {"question_count": QUESTIONS, "learners_see_fixed_order": False}
        quiz = Exam.objects.create(
            title=f"Lesson {number // 2}, {'after' if number % 2 else 'before'}", question_count=QUESTIONS,
            question_sources=[section], active=True, collection=classroom, creator=coach, data_model_version=3,
        )  # fmt: skip
        ExamAssignment.objects.create(exam=quiz, collection=classroom, assigned_by=coach)
        made.append(quiz)
    return made


def work_through(learner: FacilityUser, what: dict, criterion: dict | None, items: list[str]) -> None:
    """One session of one learner, until it was complete; with an answer to each item."""
    ended = timezone.now() - datetime.timedelta(days=1)
    times = {"start_timestamp": ended - datetime.timedelta(minutes=5), "end_timestamp": ended, "time_spent": 300}
    summary = ContentSummaryLog.objects.create(user=learner, progress=1, completion_timestamp=ended, **what, **times)
    session = ContentSessionLog.objects.create(user=learner, progress=1, **what, **times)
    if criterion is None:
        return
    mastery = MasteryLog.objects.create(
        user=learner, summarylog=summary, mastery_level=-1 if criterion["type"] == "quiz" else 1, complete=True,
        completion_timestamp=ended, mastery_criterion=criterion, **times,
    )  # fmt: skip
    for item in items:
        correct = chance.choice((0, 1)) if criterion["type"] == "quiz" else 1
        answer = {"answer": {"choice": chance.randrange(4)}, "correct": correct}
        AttemptLog.objects.create(
            user=learner, masterylog=mastery, sessionlog=session, item=item, correct=correct, complete=True,
            completion_timestamp=ended, simple_answer="", answer=answer["answer"],
            interaction_history=[{"type": "answer", **answer}], **{**times, "time_spent": 30},
        )  # fmt: skip


def main() -> None:
    facility = Facility.get_default_facility()
    classroom, coach, learners = people(facility)
    nodes = a_channel()
    lessons = lessons_of(classroom, coach, nodes)
    exercises = [node for node in nodes if node.kind == "exercise"]
    items = {node.id: node.assessmentmetadata.first().assessment_item_ids for node in exercises}
    quizzes = quizzes_of(classroom, coach, exercises)
    for learner in learners:
        for node in nodes:
            what = {"content_id": node.content_id, "channel_id": node.channel_id, "kind": node.kind}
            work_through(learner, what, EXERCISE if node.id in items else None, items.get(node.id, []))
        for quiz in quizzes[:-1]:
            questions = quiz.question_sources[0]["questions"]
            asked = [f"{question['exercise_id']}:{question['question_id']}" for question in questions]
            criterion = {"type": "quiz", "coach_assigned": True}
            work_through(learner, {"content_id": quiz.id, "channel_id": None, "kind": "quiz"}, criterion, asked)
    last = exercises[-1]
    facts = {
        "facility": facility.id, "classroom": classroom.id, "password": PASSWORD,
        "learners": [learner.username for learner in learners], "channel": last.channel_id, "node": last.id,
        "content": last.content_id, "lesson": lessons[-1].id, "mastery": EXERCISE,
        "quiz": quizzes[-1].id, "asked": [f"{last.id}:{item}" for item in items[last.id]],
    }  # fmt: skip
    json.dump(facts, sys.stdout)


with transaction.atomic():
    main()
