"""What people said to their invitations, for their institution; what they asked for themselves, and who decides."""
