"""One conversation, driven on a thread, on an event loop, and from plain code on an event loop."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from psnet.transport.async_bridge import (
    AsyncCall,
    Latch,
    run_blocking,
    run_in_greenlet,
    run_on_loop,
    shared_loop,
    sleep,
    wait_for,
)


async def conversation(log: list[str]) -> str:
    log.append("begun")
    try:
        await AsyncCall(lambda: refuse("no"))
    except ValueError as error:
        log.append(str(error))
    await AsyncCall(lambda: asyncio.sleep(0))
    log.append(threading.current_thread().name)
    return "done"


async def refuse(why: str) -> None:
    await asyncio.sleep(0)
    raise ValueError(why)


def test_a_thread_waits_for_steps_that_the_shared_loop_takes() -> None:
    log: list[str] = []
    assert run_blocking(conversation(log)) == "done"
    assert log == ["begun", "no", threading.current_thread().name]


def test_an_event_loop_drives_it_itself() -> None:
    log: list[str] = []
    assert asyncio.run(run_on_loop(conversation(log))) == "done"
    assert log[:2] == ["begun", "no"]


def test_plain_code_gives_way_while_it_waits() -> None:
    order: list[str] = []

    def work(name: str) -> str:
        order.append(f"{name} begins")
        run_blocking(conversation([]))
        sleep(0.01)
        order.append(f"{name} ends")
        return name

    async def both() -> list[str]:
        return await asyncio.gather(*(run_in_greenlet(lambda name=name: work(name)) for name in ("a", "b")))

    assert asyncio.run(both()) == ["a", "b"]
    assert order == ["a begins", "b begins", "a ends", "b ends"]


def test_what_plain_code_raises_and_catches_is_its_own() -> None:
    def work() -> str:
        with pytest.raises(ValueError, match="why"):
            wait_for(refuse("why"))
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        asyncio.run(run_in_greenlet(work))


@pytest.mark.parametrize("on_the_loop", [True, False])
def test_a_latch_lets_go_whoever_waits(*, on_the_loop: bool) -> None:
    latch = Latch()
    begun = threading.Event()

    def work() -> str:
        begun.set()
        latch.wait()
        return "on"

    found: list[str] = []

    def run() -> None:
        found.append(asyncio.run(run_in_greenlet(work)) if on_the_loop else work())

    thread = threading.Thread(target=run)
    thread.start()
    assert begun.wait(60)
    latch.set()
    thread.join(10)
    assert found == ["on"]


def test_there_is_one_loop_however_many_ask_at_once() -> None:
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(shared_loop())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(map(id, found))) == 1


def test_a_thousand_works_need_no_thread_each() -> None:
    async def all_of_them() -> float:
        began = time.monotonic()
        await asyncio.gather(*(run_in_greenlet(lambda: sleep(0.05)) for _ in range(1000)))
        return time.monotonic() - began

    before = threading.active_count()
    assert asyncio.run(all_of_them()) < 20  # one after the other it would be 50
    assert threading.active_count() <= before + 1
