"""Starts the real program, lets it live for a while in a troubled world, and kills it; many times."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from tests.faults.books import Books
from tests.faults.child import Order
from tests.faults.clock import SharedClock
from tests.faults.gate import Call, Gate
from tests.faults.happenings import Happenings
from tests.faults.nursery import Nursery, Process
from tests.faults.plans import Life
from tests.faults.scouting import FUNCTIONS
from tests.faults.servers import Server
from tests.faults.town import BEGINS, Grid, configuration
from tests.faults.workload import Json, Neighbours
from tests.faults.world import Disk

ROOT = Path(__file__).parents[2]
READY = 40.0  # seconds; a busy machine starts slowly
TICK = 0.02
LEAP = timedelta(minutes=10)  # how far beyond what is due next the clock may leap: things come due together
BEHIND = 15  # updates that wait: nobody writes more, until they are taken in
AFTERWARDS = 4.0  # seconds that a process goes on with a clock that was set back
DRAIN = 120.0  # seconds of real time in which everything must come to rest at the end


@dataclass
class Ran:
    """What became of the lives."""

    lives: list[Life] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)  # what went wrong while it ran, beside what the books say
    folder: Path = Path()


class Supervisor:
    """`database` is the URL that the program is given."""

    def __init__(
        self,
        folder: Path,
        disk: Disk,
        database: str,
        server: Server,
        gate: Gate,
        town: list[Grid],
        seed: int,
        nursery: Nursery | None = None,
    ) -> None:
        self._folder, self._disk, self._database, self._server, self._gate = folder, disk, database, server, gate
        self._nursery = nursery
        self.town, self.choice = town, random.Random(seed)
        self.clock = SharedClock(folder / "clock")
        self.clock.set_to(BEGINS)
        self.neighbours = Neighbours(self.choice, town, self.clock.machine, server.kinds)
        self.books = Books(database)
        self.ran, self.pushed = Ran(folder=folder), 0
        self.functions = folder / FUNCTIONS
        self._happenings = Happenings(self.choice, town, self.neighbours, gate, server.kinds, self._push)
        (folder / "config.toml").write_text(configuration(gate.base_url, database, town), encoding="utf-8")

    def log(self) -> str:
        return (self._folder / "log.txt").read_text(encoding="utf-8", errors="replace")

    def begin(self) -> None:
        self._push(*self.neighbours.start())

    def live(self, life: Life) -> None:
        """One process from its start to its violent end."""
        self._gate.life = life.number
        self._happenings.bring_back()
        behind = self.pushed - self._gate.taken() > BEHIND
        if life.number % 2 == 0 and not behind:
            self._happenings.press()
        scene = self.neighbours.scene(life.matters) if life.matters and not behind else []
        before = len(scene) // 2
        self._push(*scene[:before])
        for trouble in life.troubles:
            self._gate.wish(trouble.method, trouble.kind)
        process = self._start(life)
        try:
            self._wait(process, lambda: self._gate.polled >= life.number, READY)
            self._happenings.befall(life, self._disk, self._database)
            self._let_live(process, life, scene[before:])
        finally:
            process.kill()
            process.wait()
        life.reached = self._was_reached(life)
        self._after(life)

    def finish(self, through: timedelta) -> None:
        """No more harm: everything comes to rest, time goes on to the end, and the program is told to stop."""
        life = Life(len(self.ran.lives) + 1, matters=0)
        self._gate.life = life.number
        self._happenings.bring_back()
        self.clock.jump(25)
        process = self._start(life)
        try:
            self._settle(process)
            while self.clock.now() < BEGINS + through and self._leap():
                self._settle(process)
            process.send_signal(signal.SIGTERM)
            if process.wait(10) != 0:
                self.ran.faults.append(f"told to stop, it ended with {process.poll()}")
        except (TimeoutError, subprocess.TimeoutExpired) as late:
            self.ran.faults.append(f"it does not come to rest: {late}")
        finally:
            process.kill()
            process.wait()
        self.books.remember_noted()

    def _start(self, life: Life) -> Process:
        order = Order(
            clock=str(self.clock.file),
            reached=str(self._mark(life)),
            at=life.at,
            scout=str(self.functions) if life.scouts else "",
            passage=life.passage,
            action=life.action,
            full="" if self._disk.mounted else str(self._disk.flag),
        )
        environment = {**os.environ, "GRIDBOT_TELEGRAM_TOKEN": self._server.token, **order.environment()}
        arguments, log = ["run", "--config", str(self._folder / "config.toml")], self._folder / "log.txt"
        if self._nursery is not None:
            return self._nursery.start(arguments, environment, log)
        command = [sys.executable, "-m", "tests.faults.child", *arguments]
        with log.open("ab") as opened:
            return subprocess.Popen(command, env=environment, stdout=opened, stderr=opened, cwd=ROOT)

    def _let_live(self, process: Process, life: Life, scene: list[Json]) -> None:
        """People go on writing, one line after the other; at rest the clock goes on."""
        ends = time.monotonic() + life.seconds
        rests = [self._leap] * life.leaps + [self._happenings.press]
        if life.world == "migrated":
            rests.insert(life.leaps, self._happenings.migrate)
        while process.poll() is None and time.monotonic() < ends:
            if self._was_reached(life) and not life.reached:
                ends, life.reached = min(ends, time.monotonic() + AFTERWARDS), True
            if scene:
                self._push(scene.pop(0))
            elif self._at_rest():
                if not rests:  # its moment has not come: time goes on, and people go on writing
                    rests, scene = [self._leap, self._happenings.press], self.neighbours.scene(1)
                rests.pop(0)()
            time.sleep(5 * TICK)
        self._push(*scene)

    def _was_reached(self, life: Life) -> bool:
        return self._mark(life).exists()

    def _mark(self, life: Life) -> Path:
        return self._folder / f"reached-{life.number}"

    def _after(self, life: Life) -> None:
        self._gate.calm()
        self._disk.clear()
        if life.action != "kill" and life.reached:
            self.clock.catch_up(float(self._mark(life).read_text()))
        self.books.remember_noted()
        self.clock.jump(self.choice.choice((1, 25)))  # leases of the dead may stand or be over
        self.ran.lives.append(life)

    def _push(self, *updates: object) -> None:
        for update in updates:
            self._server.push(update)  # type: ignore[arg-type]
            self.pushed += 1

    def _at_rest(self) -> bool:
        """Everything said was taken in, everything to be sent was sent, nothing is due."""
        if not self.books.made():
            return False
        now = self.clock.now()
        taken = len(self._gate.given) == self.pushed and not self._gate.waiting()
        return taken and not self.books.waiting(now) and not self.books.due(now)

    def _leap(self) -> bool:
        """On to what is due next, and a little beyond, but never beyond a call of 说事日."""
        self.books.remember_noted()  # what belongs to no ticket is erased after a day
        now = self.clock.now()
        due, call = self.books.next_due(now), self.books.next_call(now)
        if due is None:
            return False
        self.clock.set_to(max(due, min(due + LEAP, call) if call else due + LEAP) + timedelta(seconds=1))
        return True

    def _settle(self, process: Process) -> None:
        """Until it is at rest; send limits and leases pass quickly where nothing is under way."""
        ends = time.monotonic() + DRAIN
        while not self._at_rest():
            if time.monotonic() > ends:
                raise TimeoutError(f"{self.books.waiting(self.clock.now())} letters wait after {DRAIN:g} s")
            if process.poll() is not None:
                raise TimeoutError(f"it ended by itself with {process.poll()}")
            time.sleep(0.25)
            if not any(not c.answered and c.life == self._gate.life for c in self._posts()):
                self.clock.jump(4)

    def _posts(self) -> list[Call]:
        return [c for c in self._gate.calls[-50:] if c.method != "getUpdates"]

    def _wait(self, process: Process, so: Callable[[], bool], seconds: float) -> None:
        ends = time.monotonic() + seconds
        while not so() and process.poll() is None and time.monotonic() < ends:
            time.sleep(TICK)
