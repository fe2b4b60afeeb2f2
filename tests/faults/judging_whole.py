"""What gridbot doctor says of the database that all those deaths have left."""

import time
from datetime import timedelta

from sqlalchemy.orm import Session

from models.integrity.examine import Looked, Moment, examine
from tests.faults.supervisor import Supervisor
from tests.faults.verdict import Check, check

WEEK = timedelta(days=7)


def whole_check(session: Session, supervisor: Supervisor) -> Check:
    """Histories, figures, references and due dates; `found` is how many history rows were looked at."""
    now, looked = supervisor.clock.now(), Looked()
    spans = ((now - WEEK, now), (now - 2 * WEEK, now - WEEK))
    findings = [f"{f.kind} {f.values}" for f in examine(session, Moment(now, time.time(), spans), looked)]
    return check("doctor finds nothing, history rows", looked.rows, findings)
