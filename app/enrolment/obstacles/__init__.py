"""What stands between people and a seat, and between a plan and those who have one."""
