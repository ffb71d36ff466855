"""`mustshare doctor`: looks an installation over and says, a line each, what to mend."""

from mustshare_api.app.doctor.finding import Finding, report
from mustshare_api.app.doctor.look import look_over

__all__ = ["Finding", "look_over", "report"]
