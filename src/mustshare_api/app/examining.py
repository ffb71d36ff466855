"""The command `mustshare doctor`; it returns an exit code."""

from mustshare_api import settings
from mustshare_api.app import doctor
from mustshare_api.app.backups import keeping
from mustshare_api.errors import Misconfigured


def examine(*, as_json: bool = False) -> int:
    """Looks the installation over; 1 when something has to be mended."""
    try:
        chosen = settings.load()
    except Misconfigured as error:
        unread = doctor.Finding("mend", "settings", error.advice)
        return doctor.report([unread], as_json=as_json)
    made = (chosen.data_dir / "postgres" / "cluster").exists()
    if chosen.database_url is None and not made:
        return doctor.report(doctor.look_over(chosen, None), as_json=as_json)
    try:
        with keeping.reached(chosen) as dsn:
            return doctor.report(doctor.look_over(chosen, dsn), as_json=as_json)
    except Misconfigured as error:
        found = doctor.Finding("mend", "database", error.advice)
        return doctor.report([found, *doctor.look_over(chosen, None)], as_json=as_json)
