"""How much of the curriculum a school's published figures reach. Made of releases only, so it tells nothing more."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.enums import Band
from lessons.models import Module, Topic
from progress.queries.figures import FigureRow


@dataclass(frozen=True)
class BandCoverage:
    """A band's topics: which a module teaches that ten seats or more have finished, and which not yet."""

    band: Band
    reached: tuple[str, ...]
    not_reached: tuple[str, ...]
    is_withheld: bool  # every figure of the band is: nothing can be said
    module_count: int
    reviewed_count: int

    @property
    def total(self) -> int:
        return len(self.reached) + len(self.not_reached)


def curriculum_coverage(*, rows: Iterable[FigureRow]) -> list[BandCoverage]:
    """For each band of pupils, over all published periods of one school or authority. Three queries."""
    rows = list(rows)
    modules = list(Module.objects.published().exclude(band=Band.STAFF).prefetch_related("topics"))
    topics = list(Topic.objects.all())
    return [_of_band(Band(band), rows, modules, topics) for band in Band.values if band != Band.STAFF]


def _of_band(band: Band, rows: list[FigureRow], modules: list[Module], topics: list[Topic]) -> BandCoverage:
    mine = [row for row in rows if row.band == band]
    finished = {row.module_slug for row in mine if row.seats is not None and row.seats.low >= 10}
    taught = {topic.pk for module in modules if module.slug in finished for topic in module.topics.all()}
    of_band = [topic for topic in topics if band in topic.bands]
    own = [module for module in modules if module.band == band]
    return BandCoverage(
        band=band,
        reached=tuple(topic.title for topic in of_band if topic.pk in taught),
        not_reached=tuple(topic.title for topic in of_band if topic.pk not in taught),
        is_withheld=bool(mine) and all(row.seats is None for row in mine),
        module_count=len(own),
        reviewed_count=sum(module.review_state == "REVIEWED" for module in own),
    )
