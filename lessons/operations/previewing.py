"""A module's steps as loading would make them, without writing anything: what an author looks at."""

from lessons import schemas
from lessons.models import Module, Reply, Scene, Step
from lessons.operations.loading import reply_values, scene_values, scenes_of, step_values


def previewed_steps(module: Module, content: schemas.Module) -> list[tuple[Step, list[Scene]]]:
    """Each step with its scenes. Nothing of it has a row."""
    found = []
    for position, part in enumerate(content.steps, start=1):
        step = Step(module=module, slug=part.id, **step_values(module, part, position))
        found.append((step, _scenes(step, scenes_of(part))))
    return found


def _scenes(step: Step, parts: list[schemas.Scene]) -> list[Scene]:
    made = {}
    for place, part in enumerate(parts, start=1):
        made[part.id] = Scene(step=step, slug=part.id, **scene_values(part, place))
    for part in parts:
        replies = [
            Reply(scene=made[part.id], slug=reply.id, next_scene=made.get(reply.to), **reply_values(reply, place))
            for place, reply in enumerate(part.replies, start=1)
        ]
        made[part.id]._prefetched_objects_cache = {"replies": replies}
    return list(made.values())
