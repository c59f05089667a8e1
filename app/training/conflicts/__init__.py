"""What stands in the way of a plan: rooms and trainers that are taken, holidays, hours, days that are over."""
