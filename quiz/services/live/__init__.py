"""A room: host, seats, results, debrief, export."""
