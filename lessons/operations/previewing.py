"""A module's steps as loading would make them, without writing anything: what an author looks at."""

from lessons import schemas
from lessons.models import Module, Scene, Step
from lessons.operations.loading import step_values, unsaved_scenes


def previewed_steps(module: Module, content: schemas.Module) -> list[tuple[Step, list[Scene]]]:
    """Each step with its scenes. Nothing of it has a row."""
    found = []
    for position, part in enumerate(content.steps, start=1):
        step = Step(module=module, slug=part.id, **step_values(module, part, position))
        scenes, replies = unsaved_scenes(step, part)
        for scene in scenes:
            scene._prefetched_objects_cache = {"replies": [reply for reply in replies if reply.scene_id == scene.pk]}
        found.append((step, scenes))
    return found
