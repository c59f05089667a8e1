"""Putting people forward, one by one or pasted, and what focal points have to decide."""
