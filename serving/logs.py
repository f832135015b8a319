"""Logs: a JSON object for each line, on standard error, without the words of any ad.

An error's message may quote an ad, and so may whatever a library says of one. Of errors the log
gets types and places, and of libraries' lines only whose they are.
"""

import logging
from collections.abc import Iterator
from traceback import format_tb
from typing import Any

from structlog.processors import JSONRenderer, TimeStamper
from structlog.stdlib import ExtraAdder, ProcessorFormatter, add_log_level, add_logger_name
from structlog.typing import EventDict

#: Whose lines are known to hold no text of an ad.
_KNOWN = ("serving.", "uvicorn.")


def config() -> dict[str, Any]:
    """What `logging.config.dictConfig` is to be told."""
    ours = {"handlers": ["stderr"], "level": "INFO", "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": ProcessorFormatter,
                "foreign_pre_chain": [
                    add_log_level,
                    add_logger_name,
                    ExtraAdder(),
                    TimeStamper(fmt="iso", utc=True),
                ],
                "processors": [
                    _hide,
                    ProcessorFormatter.remove_processors_meta,
                    JSONRenderer(ensure_ascii=False),
                ],
            }
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "json",
                "stream": "ext://sys.stderr",
            }
        },
        "loggers": {"serving": ours, "uvicorn": ours},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
    }


def trace(error: BaseException) -> str:
    """The types and places of an error and of those that it came from, without their messages."""
    return "".join(_places(error))


def _places(error: BaseException | None) -> Iterator[str]:
    while error is not None:
        yield f"{type(error).__name__}\n{''.join(format_tb(error.__traceback__))}"
        error = error.__cause__ or error.__context__


def _hide(_: logging.Logger, __: str, event: EventDict) -> EventDict:
    """Keep out of a line what may quote an ad."""
    raised = event.pop("exc_info", None)
    event.pop("stack_info", None)
    event.pop("color_message", None)  # uvicorn's own, for terminals
    if isinstance(raised, tuple) and raised[1] is not None:
        event["trace"] = trace(raised[1])
    if not f"{event['logger']}.".startswith(_KNOWN):
        event["event"] = "A library has something to say"
    return event
