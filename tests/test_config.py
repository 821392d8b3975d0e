from __future__ import annotations

import os
import stat
import traceback
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from storefront_trace import config
from storefront_trace.config import ConfigError, MailServer, Settings

ONE = "a" * 40
TWO = "b" * 40


def load(tmp_path: Path, **environ: str) -> Settings:
    return config.load({"SECRET_KEY": ONE, **environ}, tmp_path)


def refusal(tmp_path: Path, environ: Mapping[str, str]) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        config.load({"SECRET_KEY": ONE, **environ}, tmp_path)
    return caught.value


def test_an_empty_environment_gives_a_sqlite_shop_on_this_machine(tmp_path: Path) -> None:
    settings = config.load({}, tmp_path)
    assert settings.database_path == tmp_path / "storefront-trace.db"
    assert settings.database_url == f"sqlite+aiosqlite:///{tmp_path}/storefront-trace.db"
    assert settings.media_dir == tmp_path / "media"
    assert (settings.port, settings.public_url, settings.https) == (8000, "http://127.0.0.1:8000", False)
    assert (settings.smtp, settings.trusted_proxies, settings.templates_dir) == (None, (), None)
    assert (settings.session_days, settings.log_level, settings.mail_from) == (30, "info", "orders@localhost")


def test_the_process_environment_is_not_read_behind_the_callers_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", "9999")
    assert load(tmp_path).port == 8000


def test_an_empty_variable_counts_as_absent(tmp_path: Path) -> None:
    assert load(tmp_path, PORT="", SMTP_URL=" ", PUBLIC_URL="").port == 8000


def test_settings_cannot_be_changed(tmp_path: Path) -> None:
    with pytest.raises(AttributeError):
        load(tmp_path).port = 1  # type: ignore[misc]


def test_the_data_folder_is_made(tmp_path: Path) -> None:
    config.load({}, tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b" / "secret.key").is_file()


def test_a_data_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match=r"^--data .* cannot be used as a folder"):
        config.load({}, tmp_path / "file")


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("postgresql://shop:pw@db.example:5433/trace", "postgresql+asyncpg://shop:pw@db.example:5433/trace"),
        ("postgres://db/trace", "postgresql+asyncpg://db/trace"),
        ("postgresql+asyncpg://db/trace", "postgresql+asyncpg://db/trace"),
        ("postgresql://db/trace?sslmode=require", "postgresql+asyncpg://db/trace?ssl=require"),
        ("postgresql:///trace?host=%2Frun%2Fpg", "postgresql+asyncpg:///trace?host=%2Frun%2Fpg"),
    ],
)
def test_postgresql_urls_get_the_async_driver(tmp_path: Path, given: str, driver: str) -> None:
    settings = load(tmp_path, DATABASE_URL=given)
    assert (settings.database_url, settings.database_path) == (driver, None)


def test_a_sqlite_path_may_be_absolute_or_start_at_the_data_folder(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    assert load(tmp_path, DATABASE_URL="sqlite:///other/x.db").database_path == tmp_path / "other" / "x.db"
    absolute = load(tmp_path / "data", DATABASE_URL=f"sqlite:///{tmp_path}/x.db")
    assert absolute.database_path == tmp_path / "x.db"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DATABASE_URL", "mysql://user:hunter2hunter2@db/trace"),
        ("DATABASE_URL", "storefront-trace.db"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "sqlite:///no-such-folder/x.db"),
        ("DATABASE_URL", "sqlite:///x.db?mode=ro"),
        ("DATABASE_URL", "postgresql://user:hunter2hunter2@db"),
        ("DATABASE_URL", "postgresql://user:hunter2hunter2@db:port/trace"),
        ("SECRET_KEY", "hunter2hunter2"),
        ("SECRET_KEY", f"{ONE},hunter2hunter2"),
        ("SECRET_KEY", f"hunter2hunter2 {ONE}"),
        ("SECRET_KEY", ","),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "http"),
        ("PORT", "٨٠٠٠"),
        ("PUBLIC_URL", "shop.example"),
        ("PUBLIC_URL", "ftp://shop.example"),
        ("PUBLIC_URL", "https://"),
        ("PUBLIC_URL", "https://shop.example/trace"),
        ("PUBLIC_URL", "https://shop.example?x=1"),
        ("PUBLIC_URL", "https://user:hunter2hunter2@shop.example"),
        ("PUBLIC_URL", "https://shop.example:port"),
        ("MEDIA_URL", "s3://bucket"),
        ("MEDIA_URL", "file:///srv/media"),
        ("SMTP_URL", "mail.example"),
        ("SMTP_URL", "http://user:hunter2hunter2@mail.example"),
        ("SMTP_URL", "smtp://user:hunter2hunter2@mail.example:port"),
        ("SMTP_URL", "smtp://user:hunter2hunter2@"),
        ("TRUSTED_PROXIES", "*"),
        ("TRUSTED_PROXIES", "10.0.0.1/8"),
        ("STOREFRONT_TRACE_MAIL_FROM", "Roliga Ting"),
        ("STOREFRONT_TRACE_TEMPLATES", "no-such-folder"),
        ("STOREFRONT_TRACE_SESSION_DAYS", "401"),
        ("STOREFRONT_TRACE_LOG_LEVEL", "loud"),
    ],
)
def test_a_bad_value_is_refused_by_name_and_never_echoes_a_secret(tmp_path: Path, variable: str, value: str) -> None:
    error = refusal(tmp_path, {variable: value})
    assert error.variable == variable
    assert str(error).startswith(f"{variable} ")
    assert "hunter2" not in "".join(traceback.format_exception(error))


def test_secrets_and_passwords_stay_out_of_the_repr(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        DATABASE_URL="postgresql://u:hunter2@db/trace",
        SMTP_URL="smtp://u:hunter2@mail.example",
    )
    assert "hunter2" not in repr(settings)
    assert ONE not in repr(settings)


def test_several_secrets_are_kept_in_order(tmp_path: Path) -> None:
    assert load(tmp_path, SECRET_KEY=f"{TWO} , {ONE}").secrets == (TWO, ONE)


def test_a_secret_can_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{ONE},{TWO}\n")
    settings = config.load({"SECRET_KEY_FILE": "key", "DATABASE_URL": "postgresql://db/trace"}, tmp_path)
    assert settings.secrets == (ONE, TWO)


def test_two_places_for_the_secret_are_refused(tmp_path: Path) -> None:
    assert "SECRET_KEY_FILE" in str(refusal(tmp_path, {"SECRET_KEY_FILE": "key"}))


def test_a_missing_secret_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^SECRET_KEY_FILE cannot be read"):
        config.load({"SECRET_KEY_FILE": "nowhere"}, tmp_path)


def test_postgresql_needs_a_secret_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^SECRET_KEY is needed with PostgreSQL"):
        config.load({"DATABASE_URL": "postgresql://db/trace"}, tmp_path)


def test_on_sqlite_a_secret_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    first, again = config.load({}, tmp_path), config.load({}, tmp_path)
    assert first.secrets == again.secrets
    assert len(first.secrets[0]) >= 64
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["secret.key"]


def test_the_made_secret_stays_with_its_database(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/shop.db"
    one = config.load({"DATABASE_URL": url}, tmp_path / "one")
    two = config.load({"DATABASE_URL": url}, tmp_path / "two")
    assert one.secrets == two.secrets
    assert (tmp_path / "secret.key").is_file()


def test_starts_at_the_same_moment_agree_on_the_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: config.load({}, tmp_path).secrets, range(32)))
    assert len(found) == 1


def test_a_secret_file_that_was_cut_short_is_refused_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("")
    with pytest.raises(ConfigError, match=r"secret\.key must hold"):
        config.load({}, tmp_path)


def test_the_public_url_loses_its_last_slash_and_follows_the_port(tmp_path: Path) -> None:
    assert load(tmp_path, PUBLIC_URL="https://Trace.Example/").public_url == "https://trace.example"
    assert load(tmp_path, PUBLIC_URL="https://trace.example").https
    assert load(tmp_path, PORT="8123").public_url == "http://127.0.0.1:8123"


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", MailServer("mail.example", 587, False)),
        ("smtps://mail.example", MailServer("mail.example", 465, True)),
        (
            "smtp://karin%40shop.example:p%3Aw%2F@mail.example:2525",
            MailServer("mail.example", 2525, False, "karin@shop.example", "p:w/"),
        ),
    ],
)
def test_a_mail_server_is_read_from_its_url(tmp_path: Path, url: str, server: MailServer) -> None:
    assert load(tmp_path, SMTP_URL=url).smtp == server


@pytest.mark.parametrize(
    ("public_url", "sender"),
    [
        ("https://trace.example:8443", "orders@trace.example"),
        ("http://192.0.2.7:8000", "orders@localhost"),
        ("http://[2001:db8::1]", "orders@localhost"),
    ],
)
def test_mails_come_from_the_public_host(tmp_path: Path, public_url: str, sender: str) -> None:
    assert load(tmp_path, PUBLIC_URL=public_url).mail_from == sender


def test_a_chosen_sender_is_kept_as_written(tmp_path: Path) -> None:
    chosen = "Roliga Ting <hej@roligating.example>"
    assert load(tmp_path, STOREFRONT_TRACE_MAIL_FROM=chosen).mail_from == chosen


def test_proxies_are_networks(tmp_path: Path) -> None:
    networks = load(tmp_path, TRUSTED_PROXIES="10.0.0.5, 172.16.0.0/12,::1").trusted_proxies
    assert [str(network) for network in networks] == ["10.0.0.5/32", "172.16.0.0/12", "::1/128"]


def test_a_misspelt_variable_is_remembered_for_the_doctor(tmp_path: Path) -> None:
    assert load(tmp_path, STOREFRONT_TRACE_SESION_DAYS="3").unknown == ("STOREFRONT_TRACE_SESION_DAYS",)
    assert load(tmp_path, STOREFRONT_TRACE_SESSION_DAYS="3").unknown == ()
