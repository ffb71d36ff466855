"""The HTTP doors: routes with their wire structs, problems, guards, limits."""
