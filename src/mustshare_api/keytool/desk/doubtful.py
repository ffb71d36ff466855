"""Which copies were fetched whole and do not open, though a key that fits them is here.

    doubtful.json    ids of objects

Whoever seals before sending can send what nobody opens, and a door can hand over another
payload under the right head. Which of the two it was cannot be told from here. So such a copy
is kept: it may be all that there is. But it is not believed for good, as its head alone would
have it: each time that everything is compared it is fetched once more, until it opens.
"""

from dataclasses import dataclass, field
from pathlib import Path

from mustshare_api.keytool.desk.home import Home


@dataclass(slots=True)
class Doubtful:
    """The ids, as they are kept in a folder."""

    home: Home
    ids: set[str] = field(default_factory=set[str])
    _kept: frozenset[str] = frozenset()

    @classmethod
    def of(cls, home: Home) -> "Doubtful":
        """What is known of a folder.

        Raises:
            Refusal: `home.malformed`.
        """
        known = home.load(_file(home), list[str], [])
        return cls(home, set(known), frozenset(known))

    def save(self) -> None:
        """Keeps what has changed; an object that is here no longer is no doubt."""
        here = frozenset(one for one in self.ids if self.home.sealed(one).exists())
        if here != self._kept:
            self.home.save(_file(self.home), sorted(here))
            self._kept = here


def _file(home: Home) -> Path:
    return home.path / "doubtful.json"
