"""Who runs the embedded PostgreSQL, who may connect to it, and where its socket is."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

from ausrufer.config.postgres_binaries import NoPostgres

NAME = "ausrufer"  # of the database and of its owner
UNPRIVILEGED = ("ausrufer", "postgres", "nobody")  # the first that exists runs a new server when we are root
SHARED_BY_MANY = "nobody"  # other services run as this user too, so it is never let in


def server_user(data: Path) -> pwd.struct_passwd | None:
    """Who runs the server when we are root, which PostgreSQL refuses to be; None for an ordinary user."""
    if os.geteuid() != 0:
        return None
    # Whom the data belongs to, also when a user of a better name has come into being since.
    if data.exists() and (owner := data.stat().st_uid):
        return user_of(owner)
    for name in UNPRIVILEGED:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoPostgres("PostgreSQL läuft nicht als root, und es gibt keinen Benutzer „nobody“. Bitte einen anlegen.")


def user_of(uid: int) -> pwd.struct_passwd:
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        raise NoPostgres(
            f"PostgreSQL braucht einen Benutzer mit Namen; die Nummer {uid} hat keinen. Bitte in /etc/passwd eintragen."
        ) from None


def socket_folder(fingerprint: str) -> Path:
    """Short, since a socket's whole path has 107 bytes."""
    if os.geteuid() == 0 and os.access("/run", os.W_OK):
        return Path("/run") / f"ausrufer-{fingerprint}"
    return Path("/tmp") / f"ausrufer-{os.geteuid()}-{fingerprint}"


def make_socket_folder(folder: Path, user: pwd.struct_passwd | None) -> None:
    """Private to the server's user; refused when somebody else made a folder of that name first."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found, owner = folder.lstat(), user.pw_uid if user else os.geteuid()
    if user and (found.st_uid == os.geteuid() or folder.parent == Path("/run")):  # there only root makes folders
        os.chown(folder, owner, user.pw_gid, follow_symlinks=False)
        found = folder.lstat()
    if folder.is_symlink() or found.st_uid != owner or found.st_mode & 0o077:
        raise NoPostgres(f"{folder} gehört jemand anderem. Bitte den Ordner entfernen.")


def write_access(data: Path, server: pwd.struct_passwd | None) -> None:
    """Only the kernel's word counts: our own user is let in, and the server's if only it is that user. No password."""
    ourselves = user_of(os.geteuid()).pw_name
    admitted = {ourselves, *({server.pw_name} - {SHARED_BY_MANY} if server else ())}
    (data / "pg_hba.conf").write_text("local all all peer map=ausrufer\n")
    (data / "pg_ident.conf").write_text("".join(f'ausrufer "{name}" {NAME}\n' for name in sorted(admitted)))
