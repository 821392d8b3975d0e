"""The only reader of the environment: variables in, one frozen `Settings` out, or a stop that names the variable.

No message and no repr carries a value that may hold a secret: a bad URL is described, never quoted.
"""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

PREFIX = "STOREFRONT_TRACE_"
SECRET_LENGTH = 32
JOURNAL = "erased.log"


class ConfigError(Exception):
    """A setting that we cannot start with. The message names the variable and says what to do."""

    def __init__(self, variable: str, message: str) -> None:
        super().__init__(f"{variable} {message}")
        self.variable = variable


@dataclass(frozen=True)
class Variable:
    name: str
    default: str | None
    about: str
    otherwise: str = ""
    """What happens without it, for a variable whose default is worked out."""

    @property
    def shown_default(self) -> str:
        return f"`{self.default}`" if self.default else self.otherwise


VARIABLES = (
    Variable("DATABASE_URL", "sqlite:///./storefront-trace.db", "The database: a SQLite file, or `postgresql://…`"),
    Variable(
        "SECRET_KEY",
        None,
        "Secret behind links and sessions, 32 characters or more. Several, separated by commas: the first signs, "
        "the others are being retired",
        "made and kept in `secret.key` beside a SQLite database; needed with PostgreSQL",
    ),
    Variable("SECRET_KEY_FILE", None, "A file to read the secret from, in place of `SECRET_KEY`", "none"),
    Variable("PORT", "8000", "The port to serve on"),
    Variable(
        "PUBLIC_URL",
        None,
        "The address customers see: every link is built from it. With `https` the cookies are made safe for it",
        "`http://127.0.0.1:PORT`",
    ),
    Variable("MEDIA_URL", "./media", "The folder for portraits and photos"),
    Variable("SMTP_URL", None, "The mail server: `smtp://user:pass@host:port`, or `smtps://…`", "no mail is sent"),
    Variable("TRUSTED_PROXIES", None, "Proxies whose `X-Forwarded-For` and `-Proto` we believe, by comma", "none"),
    Variable(f"{PREFIX}MAIL_FROM", None, "The sender of our mails", "`orders@` and the host of `PUBLIC_URL`"),
    Variable(f"{PREFIX}TEMPLATES", None, "A folder whose templates take the place of ours", "none"),
    Variable(f"{PREFIX}SESSION_DAYS", "30", "Most days that a sign-in lasts, 1 to 400; the owner may say fewer"),
    Variable(f"{PREFIX}LOG_LEVEL", "info", "How much is logged: `debug`, `info`, `warning` or `error`"),
)


@dataclass(frozen=True)
class MailServer:
    host: str
    port: int
    tls: bool
    """True: TLS from the first byte (smtps). False: STARTTLS as soon as the server offers it."""
    user: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Settings:
    data_dir: Path
    database_url: str = field(repr=False)
    """For SQLAlchemy, async driver included. May hold a password: never log it."""
    database_path: Path | None  # the SQLite file; None on PostgreSQL
    secrets: tuple[str, ...] = field(repr=False)
    """The first signs; all of them verify."""
    port: int
    public_url: str  # without a slash at the end
    media_dir: Path
    smtp: MailServer | None
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...]
    mail_from: str
    templates_dir: Path | None
    session_days: int
    log_level: str
    unknown: tuple[str, ...] = ()
    """Variables with our prefix that mean nothing to us: misspelt, or from another version. `doctor` tells."""

    @property
    def journal_path(self) -> Path:
        """Beside the database, and in the data folder where that is elsewhere."""
        return (self.data_dir if self.database_path is None else self.database_path.parent) / JOURNAL

    @property
    def https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def is_local(self) -> bool:
        """Whether links begin with an address that only this computer knows: without PUBLIC_URL they do."""
        return urlsplit(self.public_url).hostname in ("127.0.0.1", "localhost", "::1")


def load(environ: Mapping[str, str], data_dir: Path) -> Settings:
    """Raises ConfigError. An empty variable counts as absent; relative paths start at `data_dir`, which is made if
    absent. On SQLite without a secret, one is made and kept beside the database. A port chosen on the command line
    belongs into `environ` as PORT, since PUBLIC_URL's default follows it."""
    given = {name: value.strip() for name, value in environ.items() if value.strip()}
    data_dir = data_dir.absolute()
    _make_folder(data_dir)
    values = {v.name: v.default for v in VARIABLES if v.default} | given
    database_url, database_path = _database(values["DATABASE_URL"], data_dir)
    port = _number("PORT", values["PORT"], 1, 65535)
    public_url = _public_url(values.get("PUBLIC_URL", f"http://127.0.0.1:{port}"))
    return Settings(
        data_dir=data_dir,
        database_url=database_url,
        database_path=database_path,
        secrets=_secrets(given, data_dir, database_path),
        port=port,
        public_url=public_url,
        media_dir=_media_dir(values["MEDIA_URL"], data_dir),
        smtp=_mail_server(values.get("SMTP_URL")),
        trusted_proxies=tuple(_network(part) for part in _parts(values.get("TRUSTED_PROXIES", ""))),
        mail_from=_mail_from(values.get(f"{PREFIX}MAIL_FROM"), public_url),
        templates_dir=_templates_dir(values.get(f"{PREFIX}TEMPLATES"), data_dir),
        session_days=_number(f"{PREFIX}SESSION_DAYS", values[f"{PREFIX}SESSION_DAYS"], 1, 400),
        log_level=_log_level(values[f"{PREFIX}LOG_LEVEL"]),
        unknown=tuple(sorted(n for n in given if n.startswith(PREFIX) and n not in {v.name for v in VARIABLES})),
    )


def absent_database(environ: Mapping[str, str], data_dir: Path) -> Path | None:
    """The SQLite file that `load` would name, when it is not there. Makes nothing; what is wrong `load` tells."""
    url = environ.get("DATABASE_URL", "").strip() or "sqlite:///./storefront-trace.db"
    path = Path(os.path.normpath(data_dir.absolute() / url.partition(":///")[2]))
    return path if url.startswith("sqlite") and path.name not in ("", ":memory:") and not path.exists() else None


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            "--data", f"{folder} cannot be used as a folder: {error.strerror}. Name another one."
        ) from None


def _database(value: str, data_dir: Path) -> tuple[str, Path | None]:
    scheme, _, rest = value.partition("://")
    if scheme in {"sqlite", "sqlite+aiosqlite"}:
        path = _sqlite_path(rest, data_dir)
        return f"sqlite+aiosqlite:///{path}", path
    if scheme in {"postgres", "postgresql", "postgresql+asyncpg"}:
        return _postgres_url(rest), None
    raise ConfigError("DATABASE_URL", "must begin with sqlite:/// or postgresql://.")


def _sqlite_path(rest: str, data_dir: Path) -> Path:
    if not rest.startswith("/") or rest in {"/", "/:memory:"}:
        raise ConfigError("DATABASE_URL", "must name a file, like sqlite:///./storefront-trace.db.")
    path = Path(os.path.normpath(data_dir / rest[1:]))
    if "?" in str(path):
        raise ConfigError("DATABASE_URL", "must name a plain file: a question mark cannot be part of it.")
    if not path.parent.is_dir():
        raise ConfigError("DATABASE_URL", f"points into {path.parent}, which is not a folder: make it first.")
    return path


def _postgres_url(rest: str) -> str:
    """asyncpg says `ssl` for what everyone else's URLs call `sslmode`."""
    parts = _split("DATABASE_URL", f"postgresql://{rest}")
    query = {("ssl" if key == "sslmode" else key): value for key, value in parse_qsl(parts.query)}
    if not parts.path.strip("/") or not (parts.hostname or "host" in query):
        raise ConfigError("DATABASE_URL", "must name a host and a database: postgresql://user:password@host/database.")
    return f"postgresql+asyncpg://{parts.netloc}{parts.path}" + (f"?{urlencode(query)}" if query else "")


def _split(variable: str, value: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        _ = parts.port  # read here since a bad port is only noticed when it is read
    except ValueError:
        raise ConfigError(
            variable, "is not a URL that we can read: special characters in a password are written as %40 and so on."
        ) from None
    return parts


def _number(variable: str, value: str, low: int, high: int) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", value) or not low <= int(value) <= high:
        raise ConfigError(variable, f"must be a whole number from {low} to {high}.")
    return int(value)


def _public_url(value: str) -> str:
    parts = _split("PUBLIC_URL", value)
    extras = parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None
    if parts.scheme not in {"http", "https"} or not parts.hostname or extras:
        raise ConfigError("PUBLIC_URL", "must be http:// or https:// and a host, without path or question mark.")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _secrets(given: Mapping[str, str], data_dir: Path, database_path: Path | None) -> tuple[str, ...]:
    if "SECRET_KEY" in given and "SECRET_KEY_FILE" in given:
        raise ConfigError("SECRET_KEY", "and SECRET_KEY_FILE are both set: keep one of them.")
    if "SECRET_KEY" in given:
        return _checked("SECRET_KEY", given["SECRET_KEY"])
    if "SECRET_KEY_FILE" in given:
        return _checked("SECRET_KEY_FILE", _read_secret("SECRET_KEY_FILE", data_dir / given["SECRET_KEY_FILE"]))
    if database_path is None:
        raise ConfigError("SECRET_KEY", f"is needed with PostgreSQL: set {SECRET_LENGTH} random characters or more.")
    path = database_path.with_name("secret.key")
    if not path.exists():
        _make_secret(path)
    return _checked(str(path), _read_secret(str(path), path))


def _checked(variable: str, value: str) -> tuple[str, ...]:
    found = tuple(_parts(value))
    if not found or any(len(one) < SECRET_LENGTH or len(one.split()) > 1 for one in found):
        raise ConfigError(variable, f"must hold secrets of {SECRET_LENGTH} characters or more, separated by commas.")
    return found


def _read_secret(variable: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            variable, f"cannot be read as text ({type(error).__name__}): name a readable text file."
        ) from None


def _make_secret(path: Path) -> None:
    """Two processes that start at once end with the same secret: a hard link appears whole, or not at all."""
    try:
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".secret-")  # mode 0600
        try:
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(48) + "\n")
                file.flush()
                os.fsync(file.fileno())
            os.link(draft, path)
        finally:
            os.unlink(draft)
    except FileExistsError:
        return  # another process was first: its secret counts
    except OSError as error:
        raise ConfigError(
            "SECRET_KEY", f"is not set and {path} cannot be written: {error.strerror}. Set it, or use another folder."
        ) from None


def _media_dir(value: str, data_dir: Path) -> Path:
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", value):
        raise ConfigError("MEDIA_URL", "must be a folder, like ./media: object stores are not supported yet.")
    return Path(os.path.normpath(data_dir / value))


def _mail_server(value: str | None) -> MailServer | None:
    if value is None:
        return None
    parts = _split("SMTP_URL", value)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ConfigError("SMTP_URL", "must look like smtp://user:password@host:587 or smtps://user:password@host:465.")
    tls = parts.scheme == "smtps"
    user, password = (unquote(part) if part else None for part in (parts.username, parts.password))
    return MailServer(parts.hostname, parts.port or (465 if tls else 587), tls, user, password)


def _network(value: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(value)
    except ValueError:
        raise ConfigError("TRUSTED_PROXIES", "must be addresses or networks, like 10.0.0.5, 172.16.0.0/12.") from None


def _mail_from(value: str | None, public_url: str) -> str:
    if value is None:
        host = urlsplit(public_url).hostname or ""
        return f"orders@{host}" if re.search(r"[a-z]", host) and ":" not in host else "orders@localhost"
    if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", parseaddr(value)[1]):
        raise ConfigError(f"{PREFIX}MAIL_FROM", "must be an address, like Roliga Ting <orders@example.com>.")
    return value


def _templates_dir(value: str | None, data_dir: Path) -> Path | None:
    if value is None:
        return None
    if not (folder := data_dir / value).is_dir():
        raise ConfigError(f"{PREFIX}TEMPLATES", f"points at {folder}, which is not a folder.")
    return folder


def _log_level(value: str) -> str:
    if value.lower() not in {"debug", "info", "warning", "error"}:
        raise ConfigError(f"{PREFIX}LOG_LEVEL", "must be debug, info, warning or error.")
    return value.lower()


def _parts(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]
