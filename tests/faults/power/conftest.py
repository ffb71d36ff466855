"""The picture workers, which the flows want though no picture is sent."""

from tests.doors import stripper  # noqa: F401
