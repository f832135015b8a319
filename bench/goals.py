"""The figures to reach: a ratio of two contestants in the same run, or a ceiling for one."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from bench import names
from bench.rounds import Figure


@dataclass(frozen=True, slots=True)
class Goal:
    """`name` should take at least `least` times as much as `over`, better `aim` times.

    Without `over`, `name` should take at most `least`, better `aim`.
    """

    name: str
    over: str | None
    least: float
    aim: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """A goal with what was found in each round."""

    goal: Goal
    found: tuple[float, ...]

    @property
    def median(self) -> float:
        """The median of the rounds, which is compared with the goal."""
        return statistics.median(self.found)

    @property
    def mark(self) -> str:
        """`aim`, `reached` or `short`."""
        sign = 1 if self.goal.over else -1
        if sign * self.median >= sign * self.goal.aim:
            return "aim"
        return "reached" if sign * self.median >= sign * self.goal.least else "short"


GOALS = (
    Goal(names.SKLEARN, names.OURS, 20, 35),
    Goal(names.PHRASES_WORDS, names.OURS_WORDS, 15, 25),
    Goal(names.VW, names.OURS_WORDS, 0.7, 1),
    Goal(names.SHAP, names.OURS, 40, 100),
    Goal(names.LIME, names.OURS, 1_500, 3_000),
    Goal(names.LIME_WORDS, names.OURS_WORDS, 1_500, 3_000),
    Goal(names.ONE_THREAD, names.TWO_THREADS, 1.8, 1.95),
    Goal(names.FIT_SKLEARN, names.FIT, 10, 30),
    Goal(names.ALONE, None, 1_000, 300),
    Goal(names.FIXED_LONG, names.SCORE_LONG, 0.5, 0.75),
    Goal(names.FIXED_SHORT, names.SCORE_SHORT, 0.5, 0.75),
    Goal(names.START, None, 5, 3),
    Goal(names.FIT_MEMORY, None, 4, 4),
    *(
        goal
        for name in (names.FILE_CSV, names.FILE_PARQUET)
        for goal in (
            Goal(name, names.FILE_SCORER, 1.7, 1.9),
            Goal(name + names.BY_CPU, names.FILE_SCORER + names.BY_CPU, 0.85, 0.95),
            Goal(name, names.FILE_PLAIN, 15, 25),
        )
    ),
    Goal(names.FILE_MEMORY, None, 1.5, 1),
)


def judge(figures: Sequence[Figure]) -> list[Verdict]:
    """A verdict for every goal whose figures were measured."""
    by_name = {figure.name: figure for figure in figures}
    verdicts = []
    for goal in GOALS:
        if goal.name in by_name and goal.over is None:
            verdicts.append(Verdict(goal, by_name[goal.name].values))
        elif goal.name in by_name and goal.over in by_name:
            verdicts.append(Verdict(goal, by_name[goal.name].over(by_name[goal.over])))
    return verdicts
