"""Classes, their members, cards and reports."""
