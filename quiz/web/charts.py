"""Geometry of the plots; the templates draw them as SVG, each beside its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..domain.measures import Level
from ..services.play.progress import PlayedRound


@dataclass(frozen=True, slots=True)
class Point:
    """A round on the plot: place in SVG units, what it stands for."""

    x: float
    y: float
    round: PlayedRound


@dataclass(frozen=True, slots=True)
class RoundsChart:
    """Share right over rounds. The middle line is chance, one in three."""

    width: int
    height: int
    points: tuple[Point, ...]
    chance_y: float

    @property
    def path(self) -> str:
        """The line through the points, as SVG path data."""
        return "M" + " L".join(f"{p.x:.1f} {p.y:.1f}" for p in self.points)


@dataclass(frozen=True, slots=True)
class Bar:
    """One confidence level: what it promised and what came true, in SVG units."""

    level: Level
    x: float
    top: float
    low: float
    high: float
    promised_y: float


@dataclass(frozen=True, slots=True)
class CalibrationChart:
    """Share right per confidence level, against the share that the level stands for."""

    width: int
    height: int
    bar_width: int
    bars: tuple[Bar, ...]


WIDTH, HEIGHT, MARGIN = 560, 200, 24
BAR = 72


def rounds_chart(rounds: Sequence[PlayedRound]) -> RoundsChart:
    """Place the rounds evenly from left to right, 0 to 100 % from bottom to top."""
    step = (WIDTH - 2 * MARGIN) / max(1, len(rounds) - 1)
    points = tuple(
        Point(MARGIN + n * step, _y(r.accuracy.value or 0), r) for n, r in enumerate(rounds)
    )
    return RoundsChart(WIDTH, HEIGHT, points, _y(1 / 3))


def calibration_chart(levels: Sequence[Level]) -> CalibrationChart:
    """A bar for each level with answers enough, with its interval and the promised share."""
    gap = (WIDTH - 2 * MARGIN - BAR) / max(1, len(levels) - 1)
    bars = []
    for n, level in enumerate(levels):
        share, interval = level.right.value, level.right.interval
        if not level.shown or share is None or interval is None:
            continue
        bars.append(
            Bar(
                level=level,
                x=MARGIN + n * gap,
                top=_y(share),
                low=_y(interval.low),
                high=_y(interval.high),
                promised_y=_y(level.confidence.p),
            )
        )
    return CalibrationChart(WIDTH, HEIGHT, BAR, tuple(bars))


def _y(share: float) -> float:
    return HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN)
