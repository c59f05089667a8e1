"""Letters to participants, and those whom none reaches."""
