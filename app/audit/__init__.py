"""What happened, and who looked: two records that are only ever added to."""
