"""What is said of a player, a class or a question: pure arithmetic on stored answers.

Discernment and bias are always reported apart. What is not defined is None, never NaN.
"""

from __future__ import annotations

from .agreement import Agreement, kappa
from .calibration import Calibration, Level, calibration, levels
from .change import Change, checking_gain
from .confusion import Confusion, Lean, bias, lean, skill
from .interval import Interval, Proportion, wilson
from .items import Flag, ItemAnalysis, analyse_item, item_rest_correlation, item_rest_pairs
from .signal import Separation, discernment, separation, sufficiency
from .skills import JUDGED_FROM, SkillResult, skill_results, skills_missed
from .summary import Figure, Summary, summarise
from .tally import Judged, Tally

__all__ = [
    "JUDGED_FROM",
    "Agreement",
    "Calibration",
    "Change",
    "Confusion",
    "Figure",
    "Flag",
    "Interval",
    "ItemAnalysis",
    "Judged",
    "Lean",
    "Level",
    "Proportion",
    "Separation",
    "SkillResult",
    "Summary",
    "Tally",
    "analyse_item",
    "bias",
    "calibration",
    "checking_gain",
    "discernment",
    "item_rest_correlation",
    "item_rest_pairs",
    "kappa",
    "lean",
    "levels",
    "separation",
    "skill",
    "skill_results",
    "skills_missed",
    "sufficiency",
    "summarise",
    "wilson",
]
