"""Synthetic data: an example programme, the same for the same seed and day; and what every installation begins with."""
