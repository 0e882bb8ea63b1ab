"""Simulated players, whose skill, bias and overconfidence are known: to test measures with.

The model, for a question of truth t:

1. Grasp g is drawn from a Beta distribution with mean `skill` (some questions are easier).
2. With probability g the player sees the truth. Otherwise the verdict is a guess, whose
   probabilities are 1/3 + `bias` of each verdict.
3. Over the three truths the chance of being right is g + (1 − g)/3. The player feels this chance
   plus `overconfidence` and gives the level of confidence that pays best for what is felt.

Hence, over equally many questions of each truth, the expected balanced skill K is `skill`, the
expected b_r is (1 − skill)·bias_r, and mean p − accuracy is `overconfidence`, up to the rounding to
four levels, which span only 1/3 to .9.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TypeAlias

from .scoring import Confidence, honest_level
from .verdict import Verdict

Answer: TypeAlias = tuple[Verdict, Confidence]

CONCENTRATION = 4.0
"""How alike the questions are: α + β of the Beta distribution; the larger, the more alike."""


@dataclass(frozen=True, slots=True)
class SimulatedPlayer:
    """A player of known properties.

    skill: 0 (guesses) to 1 (always right). bias: how far guesses lean to true, false, unverified;
    the sum is 0 and each is between −1/3 and 2/3. overconfidence: −1 to 1, felt minus real chance.
    checking: 0 to 1, how often a second look opens the file and finds what settles the claim.
    Raises ValueError outside of these.
    """

    skill: float
    bias: tuple[float, float, float] = (0.0, 0.0, 0.0)
    overconfidence: float = 0.0
    checking: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what is no probability."""
        if not (0 <= self.skill <= 1 and 0 <= self.checking <= 1):
            raise ValueError("skill and checking lie between 0 and 1")
        if not -1 <= self.overconfidence <= 1:
            raise ValueError("overconfidence lies between -1 and 1")
        if abs(sum(self.bias)) > 1e-9 or min(self.bias) < -1 / 3 - 1e-9:
            raise ValueError("biases sum to 0, and none is below -1/3")

    def answer(self, truth: Verdict, rng: random.Random) -> Answer:
        """The verdict and the confidence given at first look to a question of this truth."""
        grasp = self._grasp(rng)
        verdict = truth if rng.random() < grasp else self._guess(rng)
        return verdict, self._level(grasp)

    def look_twice(self, truth: Verdict, rng: random.Random) -> tuple[Answer, Answer]:
        """First look and final look: after checking the truth is seen, else the answer stands."""
        first = self.answer(truth, rng)
        final = (truth, self._level(1.0)) if rng.random() < self.checking else first
        return first, final

    def _grasp(self, rng: random.Random) -> float:
        if self.skill in (0, 1):
            return self.skill
        return rng.betavariate(CONCENTRATION * self.skill, CONCENTRATION * (1 - self.skill))

    def _guess(self, rng: random.Random) -> Verdict:
        weights = [max(0.0, 1 / 3 + lean) for lean in self.bias]
        return rng.choices(list(Verdict), weights)[0]

    def _level(self, grasp: float) -> Confidence:
        return honest_level(grasp + (1 - grasp) / 3 + self.overconfidence)
