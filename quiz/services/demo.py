"""A class to show the game with: simulated players of known properties, stored as if they played.

Rounds are drawn as real ones are, answers come from `domain.simulate`, points from the judgement
of real answers. So every page has something to show, and the figures can be checked.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from math import exp
from typing import Any

from faker import Faker
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from ..db import writing
from ..domain.draw import Candidate, draw
from ..domain.scoring import Confidence
from ..domain.sentences import sentences
from ..domain.simulate import Answer, SimulatedPlayer
from ..domain.verdict import Verdict
from ..models import Look, Mode, Player, Response, Round, RoundItem
from .accounts import keeping
from .catalogue import NO_PASSAGE, Revision, StoredSet, catalogue_of
from .outcome import Given, outcome_of
from .pseudonyms import PseudonymProvider
from .schedule import Past, due_questions
