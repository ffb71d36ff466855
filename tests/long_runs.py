"""The Hypothesis profile of `make fuzz`: the same properties, for far longer.

Loaded as a plugin (`-p tests.long_runs`), so that an ordinary run knows nothing of it.
"""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "long",
    max_examples=20_000,
    stateful_step_count=100,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
