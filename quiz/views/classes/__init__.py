"""A teacher's classes, their members, joining one."""
