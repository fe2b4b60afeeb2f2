"""The day's clock: it stands still while nobody works, and moves by what work really took."""

from datetime import datetime, timedelta

from tests.bench.county import CountyClock


class DayClock(CountyClock):
    """Send limits run on the day's time too, so that a group's 20 a minute mean minutes of the day."""

    def worked(self, seconds: float) -> None:
        self.move_to(self.now() + timedelta(seconds=seconds))

    def since(self, midnight: datetime) -> timedelta:
        return self.now() - midnight
