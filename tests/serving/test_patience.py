from time import monotonic, sleep

import pytest

from serving.patience import SAID, patience


def until(said, capsys):
    """Wait for it on standard error, where another thread writes it."""
    end, heard = monotonic() + 10, ""
    while said not in heard and monotonic() < end:
        sleep(0.005)
        heard += capsys.readouterr().err
    return heard


def test_a_long_wait_is_explained_once(capsys):
    with patience(0.0):
        heard = until(SAID, capsys)
    assert heard == SAID + "\n"


def test_a_short_wait_is_not(capsys):
    with patience(60.0):
        pass
    assert capsys.readouterr() == ("", "")


def test_quiet_is_quiet(capsys):
    with patience(0.0, quiet=True):
        sleep(0.05)
    assert capsys.readouterr() == ("", "")


def test_what_goes_wrong_meanwhile_goes_through():
    with pytest.raises(KeyError), patience(60.0):
        raise KeyError
