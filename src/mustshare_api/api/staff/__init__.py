"""The staff door: signed requests only, each route with the roles that may use it."""
