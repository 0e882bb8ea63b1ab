"""What the game is about, as plain values and functions: no web, no database, no clock."""
