"""Sets and documents as players have them, and how their questions do."""
