"""What stands around the training: pilots, studies, groups, what keeps it alive and seen. A module for each."""
