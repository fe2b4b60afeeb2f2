"""`gridbot run`: hears signals and sets up the log before anything else begins."""

from __future__ import annotations

import logging
import re
from argparse import Namespace
from typing import TYPE_CHECKING

from bot.asked import config_path, faults_worded
from bot.loading import loading
from bot.observing import logs

if TYPE_CHECKING:
    from bot.config.faults import Fault

log = logging.getLogger(__name__)


def run(asked: Namespace) -> int:
    """The exit status."""
    from bot.stopping import Stop

    stop = Stop()
    if asked.alone:
        stop.listen()  # what follows takes a while to load
    with loading():
        from bot.app import run
        from bot.config.load import load

    config = load(config_path(asked))
    if asked.alone:
        logs.set_up(config.logs.format)
    for warning in (*config.lacks(), *config.warnings()):
        _log_warning(warning)
    with faults_worded(asked.language):
        return run(config, stop)


def _log_warning(warning: Fault) -> None:
    """Entries of lists are people with their names: the log says where to look, `gridbot check` says the rest."""
    listed = "[" in warning.key
    key = re.sub(r" [^]]*]", "]", warning.key)
    said = f"{key}: gridbot check" if listed else str(warning)
    log.warning("%(said)s", {"event": "config_warning", "key": key, "said": said})
