"""A letter that will not be sent after all is said in the log, whichever way it was dropped.

Before the commit, not after it: killed between the two, the program would have dropped it in silence. So a line may
come twice, and never too seldom.
"""

import logging

from sqlalchemy import event
from sqlalchemy.orm import Session

from models.database import Sessions
from models.dropped import dropped
from models.letters import FOLDED

log = logging.getLogger(__name__)


def tell_dropped(sessions: Sessions) -> None:
    """From now on the transactions of these sessions tell of what they drop or fold."""
    if not event.contains(sessions, "before_commit", _tell):
        event.listen(sessions, "before_commit", _tell)


def _tell(session: Session) -> None:
    for letter, state, error, fold in dropped(session):
        if state == FOLDED:
            log.info(
                "letter %(letter)d is folded into letter %(fold)d",
                {"event": "letter_folded", "letter": letter, "fold": fold},
            )
        else:
            why = error or "out of date"
            log.info(
                "letter %(letter)d dropped: %(why)s",
                {"event": "letter_stale", "letter": letter, "why": why},
            )
