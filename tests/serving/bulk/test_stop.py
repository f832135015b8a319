import os
import signal

import pytest

from serving.bulk.stop import SIGNALS, stopping


@pytest.mark.parametrize("first", SIGNALS, ids=str)
def test_first_signal_asks_and_the_second_drops(first):
    said = []
    before = [signal.getsignal(each) for each in SIGNALS]
    with stopping(said.append) as stopped:
        assert not stopped()
        os.kill(os.getpid(), first)
        assert stopped()
        assert len(said) == 1
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert [signal.getsignal(each) for each in SIGNALS] == before
