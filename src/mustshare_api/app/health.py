"""`mustshare health`: asks the running service whether it takes tips; for a container's check.

An image without a shell has no curl either. It says nothing and returns 0 or 1.
"""

from mustshare_api import settings
from mustshare_api.app.doctor import running


def check() -> int:
    """0 when tips can be taken."""
    return int(not running.takes_tips(settings.load()))
