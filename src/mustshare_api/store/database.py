"""The one door to PostgreSQL: its connections, and what its failures are called.

Every store method gets its connection here, and many are wrapped in `@retried`. Nowhere else
does a driver's error become one of ours:

    away, starting, full, too slow, read-only     Unavailable("database.unavailable")
    deadlock, serialization, a driver's fault     once more, then the same
    anything else                                 MustShareError("internal"): a bug of ours

A driver's text is never passed on: it quotes rows ("Key (access_hash)=(…)"). The error stays
the *cause*, so that its kind can be logged; never log `str` of one.

Statements carry their values as `$1`, which neither this code nor the server writes anywhere.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, Self, TypeAlias, TypeVar

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from mustshare_api.errors import Busy, Misconfigured, MustShareError, Unavailable
from mustshare_api.store.line import Line
from mustshare_api.store.programs import NEWEST, OLDEST

Row: TypeAlias = asyncpg.Record
Connection: TypeAlias = "asyncpg.Connection[Row] | PoolConnectionProxy[Row]"

_P = ParamSpec("_P")
_S = TypeVar("_S")
_T = TypeVar("_T")

_ROLLED_BACK: Final = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)
"""Nothing happened, for certain: any statement may be tried again."""

_UNSURE: Final = (asyncpg.InternalClientError, asyncpg.PostgresConnectionError)
"""It may have happened (a lost answer to COMMIT): only what is idempotent is tried again."""

_AWAY: Final = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.LockNotAvailableError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.PostgresSystemError,
    *_ROLLED_BACK,
    *_UNSURE,
)


_NO_ADDRESS: Final = "MUSTSHARE_DATABASE_URL is no postgresql:// URL"

_SILENT: Final = "PostgreSQL does not answer: start it, or check MUSTSHARE_DATABASE_URL"

_MENDABLE: Final[dict[type[Exception], str]] = {
    asyncpg.ClientConfigurationError: _NO_ADDRESS,
    asyncpg.InvalidAuthorizationSpecificationError: (
        "PostgreSQL refuses this user or password: check MUSTSHARE_DATABASE_URL"
    ),
    asyncpg.InvalidCatalogNameError: (
        "PostgreSQL has no such database: create it, or check MUSTSHARE_DATABASE_URL"
    ),
    asyncpg.InsufficientPrivilegeError: (
        "this PostgreSQL user may not do that here: let it own the database"
    ),
}


class AlreadyThere(MustShareError):
    """An id is taken. Stores make an outcome of it; it leaves none of them."""


@contextmanager
def mapped_errors() -> Generator[None, None, None]:
    """Give the driver's errors our names.

    Raises:
        AlreadyThere: a unique column has that value.
        Unavailable: the database cannot be used at present.
        MustShareError: the statement itself was wrong.
    """
    try:
        yield
    except asyncpg.UniqueViolationError as error:
        raise AlreadyThere from error
    except asyncpg.DataError as error:
        # A kind of InterfaceError, but no sign that the database is away.
        raise MustShareError("internal") from error
    except _AWAY as error:
        raise Unavailable("database.unavailable", retry_after_s=5) from error
    except asyncpg.PostgresError as error:
        raise MustShareError("internal") from error


@contextmanager
def opening_errors() -> Generator[None, None, None]:
    """The same at start-up, when what an operator can mend is told to the operator.

    Raises:
        Misconfigured: the database refuses us, does not answer, or the address is none.
    """
    try:
        with mapped_errors():
            yield
    except ValueError as error:
        raise Misconfigured(_NO_ADDRESS) from error
    except MustShareError as error:
        for kind, advice in _MENDABLE.items():
            if isinstance(error.__cause__, kind):
                raise Misconfigured(advice) from error
        if isinstance(error, Unavailable):
            raise Misconfigured(_SILENT) from error
        raise


@asynccontextmanager
async def alone(dsn: str) -> AsyncGenerator[Connection, None]:
    """One connection without a pool, for a command: to a server that was looked at.

    Raises:
        Misconfigured: it does not answer, or cannot be relied on; also what the driver raises
            inside, as `opening_errors` names it.
    """
    with opening_errors():
        connection = await asyncpg.connect(dsn, timeout=10, statement_cache_size=0)
        try:
            await required_server(connection)
            yield connection
        finally:
            await connection.close()


async def required_server(connection: Connection) -> None:
    """Check that this server keeps what it acknowledges, and is one we know.

    Raises:
        Misconfigured: it is too old, too new, or set up to lose acknowledged rows.
    """
    major = connection.get_server_version().major
    if not OLDEST <= major <= NEWEST:
        raise Misconfigured(f"PostgreSQL {major} is not supported: use {OLDEST} to {NEWEST}")
    row = await connection.fetchrow(
        "SELECT current_setting('fsync') AS fsync,"
        " current_setting('full_page_writes') AS full_page_writes,"
        " current_setting('synchronous_commit') AS synchronous_commit"
    )
    settings: dict[str, str] = dict(row) if row else {}
    for setting, value in settings.items():
        if value == "off":
            raise Misconfigured(f"PostgreSQL has {setting}=off and would lose tips: turn it on")


async def _looked_at(pool: "asyncpg.Pool[Row]") -> None:
    try:
        async with pool.acquire():
            pass
    except BaseException:
        pool.terminate()
        raise


async def _as_it_was(_: Connection) -> None:
    """Nothing to undo: no statement here changes a session, and asking costs a round trip."""


@dataclass(frozen=True, slots=True)
class Tuning:
    """How the database is reached. The defaults suit one process and its own PostgreSQL."""

    connections: int = 16
    connect_timeout_s: float = 10
    command_timeout_s: float = 30
    statement_cache_size: int = 100
    """0 behind pgbouncer in transaction mode, where the next run may have another server."""

    streams: int = 8
    """Attachments taken in at one time. Fewer than connections: however slowly some are sent,
    a tip still finds one."""


class Database:
    """A pool of connections to one database."""

    def __init__(self, pool: "asyncpg.Pool[Row]", tuning: Tuning) -> None:
        self.pool = pool
        self.tuning = tuning
        self._line = Line(tuning.connections)
        self._streams = asyncio.Semaphore(tuning.streams)

    @classmethod
    async def connect(cls, dsn: str, tuning: Tuning | None = None) -> Self:
        """Open the pool, having looked at the server first.

        Raises:
            Misconfigured: a server that cannot be relied on, that does not answer, or an
                address that is none.
        """
        chosen = tuning or Tuning()
        with opening_errors():
            pool = await asyncpg.create_pool(
                dsn,
                # Opened as they are needed: keeping a floor is done by a task of the driver's,
                # which logs by itself, in its own words.
                min_size=0,
                max_size=chosen.connections,
                timeout=chosen.connect_timeout_s,
                command_timeout=chosen.command_timeout_s,
                statement_cache_size=chosen.statement_cache_size,
                init=required_server,
                reset=_as_it_was,
            )
            await _looked_at(pool)
        return cls(pool, chosen)

    async def close(self) -> None:
        """Let what runs finish, then disconnect."""
        try:
            await asyncio.wait_for(self.pool.close(), self.tuning.command_timeout_s)
        except TimeoutError:
            self.pool.terminate()

    @asynccontextmanager
    async def connection(self) -> AsyncGenerator[Connection, None]:
        """A connection for one statement, which is a transaction by itself."""
        patience_s = self.tuning.connect_timeout_s
        with mapped_errors():
            async with (
                self._line.place(patience_s),
                self.pool.acquire(timeout=patience_s) as connection,
            ):
                yield connection

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Connection, None]:
        """A connection in a transaction where each statement sees what is committed by then.

        The stores' locking stands on that, so a server's default does not decide it.
        """
        async with (
            self.connection() as connection,
            connection.transaction(isolation="read_committed"),
        ):
            yield connection

    @asynccontextmanager
    async def streaming(self) -> AsyncGenerator[None, None]:
        """A place among the few who may hold a connection for as long as a sender takes.

        Raises:
            Busy: every place is taken.
        """
        try:
            await asyncio.wait_for(self._streams.acquire(), self.tuning.connect_timeout_s)
        except TimeoutError as error:
            raise Busy(retry_after_s=10) from error
        try:
            yield
        finally:
            self._streams.release()


_Method: TypeAlias = Callable[Concatenate[_S, _P], Coroutine[Any, Any, _T]]


def retried(*, idempotent: bool) -> Callable[[_Method[_S, _P, _T]], _Method[_S, _P, _T]]:
    """Run a store method a second time where that is safe and likely to help.

    Args:
        idempotent: whether it may run again when the first run may have been committed.
    """
    again = _ROLLED_BACK + _UNSURE if idempotent else _ROLLED_BACK

    def decorate(method: _Method[_S, _P, _T]) -> _Method[_S, _P, _T]:
        @wraps(method)
        async def run(store: _S, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
            try:
                return await method(store, *args, **kwargs)
            except Unavailable as error:
                if not isinstance(error.__cause__, again):
                    raise
            return await method(store, *args, **kwargs)

        return run

    return decorate
