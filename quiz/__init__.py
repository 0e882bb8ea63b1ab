"""Not Proven, the fact-check game with a third verdict."""
