"""`make bench`: what things cost, beside the goals. Figures are for docs/performance.md; nothing here asserts a time."""
