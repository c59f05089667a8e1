"""What the needs of a group of people say for a course: frozen on a row of a plan, and proposed for one."""
