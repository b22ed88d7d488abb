"""上一年度 A whole cycle before the demo's months, for the first township: settled, announced, filed, one returned; its
archive; follow-ups, a commendation, a nomination, a finding and a disposal case under way.

What it counts was taken over from paper and posted (`taken_over`). The settlement is written as rows; everything after
it is done by the program's own operations, each on its day.
"""

from pioneer.jobs.demo import year_after, year_cases, year_filings, year_results
from pioneer.jobs.demo.world import World
from pioneer.jobs.demo.year_course import Course


def pass_year(world: World) -> None:
    """过一年 Once everything else is written."""
    course = Course(world)
    if not course.is_told:
        return
    year_results.settle(course)
    year_filings.announce(course)
    year_filings.file(course)
    year_after.commend(course)
    year_after.follow_up(course)
    year_after.nominate(course)
    year_cases.take_up(course)
    year_filings.archive(course)
