"""Classes: their members and rosters, sign-in cards, reports, the demonstration class."""
