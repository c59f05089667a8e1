"""What becomes of somebody's places when they leave their institution, or go to another one."""
