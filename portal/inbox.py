"""Keeping what carriers tell us: everything that waits at one moment goes into one transaction, by one writer.

A carrier is answered only after the commit. Whoever cannot be kept soon is told to come again: carriers do.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from services.receiving import Incoming

log = logging.getLogger("bagalau.receipts")


class Busy(Exception):
    """It could not be kept now."""


class Inbox:
    """The one writer.

    Args:
        write: keeps a batch, in a thread of its own, or raises.
        patience: seconds one waits at most. room: bytes that may wait at once. batch: how many are kept together.
    """

    def __init__(
        self,
        write: Callable[[Sequence[Incoming]], object],
        patience: float = 4.0,
        room: int = 64 * 1024 * 1024,
        batch: int = 200,
    ) -> None:
        self._write, self._patience, self._room, self._batch = write, patience, room, batch
        self._waiting: list[tuple[Incoming, asyncio.Future[None]]] = []
        self._held = 0
        self._writer: asyncio.Task[None] | None = None

    async def keep(self, one: Incoming) -> None:
        """Return when it is committed.

        Raises:
            Busy: it is not, or not yet; told again it is kept once all the same.
        """
        if self._held + len(one.raw) > self._room:
            raise Busy
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((one, done))
        self._held += len(one.raw)
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._work())
        try:
            await asyncio.wait_for(done, self._patience)
        except TimeoutError:
            raise Busy from None

    async def _work(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[: self._batch], self._waiting[self._batch :]
            trouble = await self._written([one for one, _ in batch])
            for one, done in batch:
                self._held -= len(one.raw)
                if done.done():  # nobody waits for it any more
                    continue
                if trouble is None:
                    done.set_result(None)
                else:
                    done.set_exception(Busy())

    async def _written(self, batch: Sequence[Incoming]) -> Exception | None:
        trouble: Exception | None = None
        for pause in (0.0, 0.2, 1.0):
            await asyncio.sleep(pause)
            try:
                await asyncio.to_thread(self._write, batch)
            except Exception as found:  # noqa: BLE001 - a database that is locked, away, full: the carrier comes again
                trouble = found
            else:
                return None
        log.warning(
            "%s callbacks could not be kept (%s); their carriers come again.", len(batch), type(trouble).__name__
        )
        return trouble
