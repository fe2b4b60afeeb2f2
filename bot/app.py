"""`gridbot run`: opens everything, lets the three loops turn, and closes in order when told to stop."""

import asyncio
import logging
from pathlib import Path

from bot.bell import Bell
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram.menu import CommandMenu
from bot.clock import SystemClock
from bot.config.load import Config
from bot.connect import telegram_channel
from bot.heartbeat import Heartbeat
from bot.inbox import Inbox
from bot.loading import loading
from bot.loops import first_of
from bot.menus import menus
from bot.observing.opening import door_for, signs_for
from bot.open_database import open_ready
from bot.postman import Postman
from bot.reading.judge import Judge
from bot.reading.unread import UnreadJudge
from bot.retry import Retry
from bot.seed import seed
from bot.sentences import say
from bot.standby import Standby
from bot.stopping import Stop
from bot.watchman import Watchman
from handlers.desk import Desk
from handlers.planning import replan
from models.database import Sessions, open_sessions
from models.holding import open_hold
from models.streets import Street
from models.turns import wait_turn

log = logging.getLogger(__name__)

MENUS_EVERY = 60.0  # seconds: somebody named in chat finds the commands in the menu soon
SOON = 0.1  # seconds: whoever asks for messages goes first, rules are read while Telegram thinks about it


class App:
    """One bot on one database. Raises ConfigFaults or Misconfigured before anything has begun."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._engine = open_ready(config)
        self._signs = signs = signs_for(config)
        self._channel: TelegramChannel = telegram_channel(config, signs)
        self.account = f"{self._channel.name}:{self._channel.account}"
        street = Street(self.account, SystemClock().now)
        self._sessions: Sessions = open_sessions(self._engine, street=street)
        judge, clock, bell, policy = _judge_of(config), SystemClock(), Bell(), config.policy
        with self._sessions.begin() as session:
            wait_turn(session)
            seed(session, config, judge, self._channel.name, self._channel.account)
            replan(Desk(session, clock.now(), policy))
        self._inbox = Inbox(self._sessions, clock, policy, judge, bell, signs)
        self._retry = Retry(self._sessions, clock, self._inbox)
        hold = open_hold(self._engine, self.account)
        self.standby = Standby(hold, self._channel, self._inbox.receive, config.language, signs)
        self._postman = Postman(self._sessions, clock, policy, [self._channel], bell, signs)
        also = [self._inbox.read_aside, self._retry.one]
        self._heartbeat = Heartbeat(self._sessions, clock, policy, bell, signs, also)
        sees = self._channel.troubles
        self._watchman = Watchman(self._sessions, clock, policy, self.account, self._holds, sees)
        self._door = door_for(config, signs, self._engine, self._sessions, clock, self._holds)

    def _holds(self) -> bool:
        return self.standby.holds

    async def run(self, stop: Stop) -> None:
        """Until told to stop. What is under way is finished or rolled back; nothing is acknowledged early."""
        door = asyncio.create_task(self._door.run()) if self._door else None  # it answers while we come and go
        try:
            await first_of(self._live(), self._told(stop))
        finally:
            await self._channel.close()
            await asyncio.get_running_loop().shutdown_default_executor()  # what a thread has begun is committed
            if door:
                door.cancel()
                await asyncio.wait([door])
            self._engine.dispose()

    async def _told(self, stop: Stop) -> None:
        await stop.told()
        self._signs.stopping()

    async def _live(self) -> None:
        await self._channel.open()
        self._signs.connected()
        self._greet()
        await asyncio.to_thread(self._retry.begin)
        await asyncio.to_thread(self._watchman.watch_now)  # what was slept through is known before anything is done
        await first_of(self.standby.run(), self._watchman.run(), self._work_soon())

    async def _work_soon(self) -> None:
        await asyncio.sleep(SOON)
        await asyncio.to_thread(self._get_ready)
        await first_of(self._postman.run(), self._heartbeat.run(), self._keep_menus())

    def _get_ready(self) -> None:
        with loading():
            self._inbox.get_ready()

    def _greet(self) -> None:
        """Tell the operator that it runs, and what keeps it from hearing the groups."""
        self._inbox.me[self._channel.account] = self._channel.username
        language, name = self._config.language, self._channel.username
        log.info("%(said)s", {"event": "started", "bot": name, "said": say(language, "run_started", name=name)})
        if not self._channel.reads_all:
            log.warning("%(said)s", {"event": "privacy_mode", "said": say(language, "run_deaf")})

    async def _keep_menus(self) -> None:
        """Only who holds the inbox tells Telegram; whoever takes over tells all of it again."""
        known: set[CommandMenu] = set()
        while True:
            await self.standby.comes_to_us()
            wanted = await asyncio.to_thread(self._menus)
            await self._channel.set_commands([m for m in wanted if m not in known])
            known = set(wanted)
            await asyncio.sleep(MENUS_EVERY)

    def _menus(self) -> list[CommandMenu]:
        with self._sessions() as session:
            return menus(session, self._config.language)


def _judge_of(config: Config) -> Judge:
    """A deployment's own rules are read at once: a fault in them ends the start before anything has begun."""
    return Judge.load(Path(config.reading.rules)) if config.reading.rules else UnreadJudge()


def run(config: Config, stop: Stop) -> int:
    """The exit status."""
    with loading():
        app = App(config)
    asyncio.run(app.run(stop))
    return 0
