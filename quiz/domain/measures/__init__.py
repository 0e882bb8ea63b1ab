"""What is said of a player, a class or a question: pure arithmetic on stored answers.

Discernment and bias are always reported apart. What is not defined is None, never NaN.
"""

from __future__ import annotations

from .agreement import Agreement, kappa
from .calibration import Calibration, Level, brier, brier_skill, calibration, levels
from .change import Change, Retention, checking_gain, improvement, retention
from .confusion import Confusion, Lean, bias, lean, mist_discernment, skill
from .interval import Interval, Proportion, wilson
from .items import (
    ITEM_ANSWERS,
    Flag,
    ItemAnalysis,
    analyse_item,
    item_rest_correlation,
    item_rest_pairs,
    kr20,
)
from .signal import Detection, Separation, detection, discernment, separation, sufficiency
from .summary import Figure, Summary, bias_words, summarise
from .tally import Judged, Tally

__all__ = [
    "ITEM_ANSWERS",
    "Agreement",
    "Calibration",
    "Change",
    "Confusion",
    "Detection",
    "Figure",
    "Flag",
    "Interval",
    "ItemAnalysis",
    "Judged",
    "Lean",
    "Level",
    "Proportion",
    "Retention",
    "Separation",
    "Summary",
    "Tally",
    "analyse_item",
    "bias",
    "bias_words",
    "brier",
    "brier_skill",
    "calibration",
    "checking_gain",
    "detection",
    "discernment",
    "improvement",
    "item_rest_correlation",
    "item_rest_pairs",
    "kappa",
    "kr20",
    "lean",
    "levels",
    "mist_discernment",
    "retention",
    "separation",
    "skill",
    "sufficiency",
    "summarise",
    "wilson",
]
