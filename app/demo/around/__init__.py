"""The programme around the training, part by part."""
