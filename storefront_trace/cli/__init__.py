"""Commands for the operator. Exit status: 0 done, 1 refused (a line on stderr says what to do), 2 wrong usage."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from pathlib import Path

import click

from storefront_trace import __version__
from storefront_trace.cli.care import backup, doctor, migrate, restore, restored
from storefront_trace.cli.links import link, rebuild
from storefront_trace.cli.mail import bounce
from storefront_trace.cli.privacy import erase, export, purge
from storefront_trace.cli.serving import demo, serve
from storefront_trace.cli.shop import connect, import_files, init, token
from storefront_trace.cli.signin import owner, signin
from storefront_trace.command import COMMAND
from storefront_trace.config import ConfigError
from storefront_trace.domain.errors import DomainError
from storefront_trace.storage.backup import BadBackup
from storefront_trace.storage.database import DatabaseError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="storefront-trace")
def cli() -> None:
    """Order tracking with the people behind each step."""


for _command in (
    demo,
    serve,
    init,
    token,
    connect,
    import_files,
    link,
    rebuild,
    migrate,
    backup,
    restore,
    restored,
    doctor,
    erase,
    export,
    purge,
    bounce,
    signin,
    owner,
):
    cli.add_command(_command)


def main() -> None:
    os.umask(0o077)  # database, pictures and backups are for this user alone
    try:
        cli(prog_name=COMMAND)
    except DomainError as refusal:
        _stop(_advised(refusal))
    except (ConfigError, BadBackup) as refusal:
        _stop(str(refusal))
    except DatabaseError as error:
        _stop(f"The database refused ({_first_line(error)}). Run `{COMMAND} doctor`.")
    except ModuleNotFoundError as error:
        _stop(f"{error.name} is not installed. With PostgreSQL: pip install 'storefront-trace[postgres]'.")
    except OSError as error:
        _stop(f"{error.filename}: {error.strerror}. {_way_out(error)}" if error.filename else error.strerror)
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(place.filename).name}:{place.lineno}"
        _stop(f"Something broke: {type(error).__name__} at {where}. That is a fault of ours; please report it.")


# What people read on a page and mend there, and what an operator does instead.
ADVICE = {
    "We have no order with that number.": "Write it as it stands on /staff; with several shops give --shop, too.",
    "There is nobody with that handle.": "The owner's page /owner/people shows who there is.",
    "We know nothing about that customer or order.": "Look at the spelling; with several shops give --shop, too.",
    "We know nothing about that address.": "Look at the spelling; with several shops give --shop, too.",
}


def _advised(refusal: DomainError) -> str:
    """What is wrong, and what to do: that stands beside the field on a page, and here behind it."""
    told = [str(refusal), *(text for _, text in refusal.errors), ADVICE.get(refusal.message, "")]
    return " ".join(dict.fromkeys(text for text in told if text))


def _way_out(error: OSError) -> str:
    ways = {
        errno.ENOENT: "Look at the path.",
        errno.ENOTDIR: "Look at the path: part of it is a file.",
        errno.EISDIR: "Name a file in that folder.",
        errno.EACCES: "Run it as the user whom the file belongs to.",
        errno.EPERM: "Run it as the user whom the file belongs to.",
        errno.EROFS: "Choose a folder that can be written to.",
        errno.ENOSPC: "Make room on the disk, and run it again.",
    }
    return ways.get(error.errno or 0, f"Run `{COMMAND} doctor`.")


def _first_line(error: Exception) -> str:
    found = str(getattr(error, "orig", None) or error).splitlines()
    return found[0][:200] if found else type(error).__name__


def _stop(message: str | None) -> None:
    click.echo(" ".join((message or f"It was refused. Run `{COMMAND} doctor`.").split()), err=True)
    sys.exit(1)
