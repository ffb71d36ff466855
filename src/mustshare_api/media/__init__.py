"""Takes everything but the picture away from a picture."""
