"""One step for several people on a list at once: each by the rules of one, the others named with the reason."""
