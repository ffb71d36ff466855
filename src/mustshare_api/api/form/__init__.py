"""The form for browsers that run no script."""
