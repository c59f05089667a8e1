"""The groups of people a reader may choose from, and the figures of each as far as they may be shown."""
