"""Choose one SQLite library for the whole process, before anything imports `sqlite3`.

SQLite 3.7.0 to 3.51.2 can corrupt a WAL database when two connections write and checkpoint at once (web and worker);
fixed in 3.51.3, 3.50.7 and 3.44.6. The pinned `pysqlite3` carries a fixed one; where it has no wheel the system
library is used and `core.database` falls back to `journal_mode=DELETE`.
"""

import sys

try:
    import pysqlite3
    import pysqlite3.dbapi2
except ImportError:  # no wheel for this platform
    pass
else:
    sys.modules["sqlite3"], sys.modules["sqlite3.dbapi2"] = pysqlite3, pysqlite3.dbapi2


def has_safe_wal(version: tuple[int, ...]) -> bool:
    """Say whether this SQLite version is free of the WAL-reset corruption."""
    if version >= (3, 51, 3):
        return True
    return (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)
