from pathlib import Path

import pytest

from serving.keys import Keys
from serving.settings import BadSettings, Settings

KEY = "a-key-long-enough-to-use"


def test_an_empty_environment_gives_the_defaults():
    settings = Settings.read({})
    assert (settings.model, settings.host, settings.port) == (Path("models"), "127.0.0.1", 8000)
    assert not settings.keys
    assert settings == Settings()


def test_every_setting_is_read():
    settings = Settings.read(
        {
            "LUREWATCH_MODEL": "/srv/models",
            "LUREWATCH_KEYS": f" {KEY} , another-{KEY},",
            "LUREWATCH_HOST": "0.0.0.0",
            "LUREWATCH_PORT": "9000",
            "LUREWATCH_DATABASE_URL": "postgresql://ana:secret@host/ads",
        }
    )
    assert (settings.model, settings.host, settings.port) == (Path("/srv/models"), "0.0.0.0", 9000)
    assert settings.database == "postgresql://ana:secret@host/ads"
    assert "secret" not in repr(settings)
    assert settings.keys.admit(KEY)
    assert settings.keys.admit(f"another-{KEY}")


@pytest.mark.parametrize("name", ["MODEL", "KEYS", "HOST", "PORT", "DATABASE_URL"])
def test_an_empty_setting_is_as_if_unset(name):
    assert Settings.read({f"LUREWATCH_{name}": ""}) == Settings()


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_loopback_is_local(host):
    assert Settings(host=host).local


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.168.1.5", "example.org", "127.1"])
def test_other_hosts_are_not_local(host):
    assert not Settings(host=host).local


@pytest.mark.parametrize(
    ("environ", "reason"),
    [
        pytest.param({"LUREWATCH_KEYS": " , "}, "holds no key", id="keys without a key"),
        pytest.param({"LUREWATCH_KEYS": f"{KEY},short"}, "Key 2 .* has 5 char", id="short key"),
        pytest.param({"LUREWATCH_PORT": "http"}, "LUREWATCH_PORT is 'http'", id="port in words"),
        pytest.param({"LUREWATCH_PORT": "-1"}, "LUREWATCH_PORT is '-1'", id="port below 0"),
        pytest.param({"LUREWATCH_PORT": "65536"}, "The port is 65536", id="port too high"),
    ],
)
def test_bad_settings_are_named(environ, reason):
    with pytest.raises(BadSettings, match=reason):
        Settings.read(environ)


def test_no_message_and_no_repr_tells_a_key():
    with pytest.raises(BadSettings) as refusal:
        Settings.read({"LUREWATCH_KEYS": "hush"})
    assert "hush" not in str(refusal.value)
    assert KEY not in repr(Settings(keys=Keys.of([KEY])))
