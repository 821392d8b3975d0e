"""The process beside the server: what it survives, what it refuses, and that it never stays behind."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from storefront_trace.domain.errors import Invalid, TooLarge, TooMany
from storefront_trace.photos import wire, worker_main
from storefront_trace.photos.image import process
from storefront_trace.photos.pictures import MAX_BYTES, PURPOSES, Processed
from storefront_trace.photos.refusals import MESSAGES, Refused
from storefront_trace.photos.worker import MOST_WAITING, PACKAGE_ROOT, PhotoWorker
from tests.patience import PATIENCE
from tests.photos import pictures as made

PICTURE = made.encoded(made.corners(), "JPEG")
# Some hundred milliseconds of work, so that there is a middle in which things can happen.
SLOW_PICTURE = made.encoded(made.gradient(4_000, 3_000), "PNG", compress_level=1)


@pytest.fixture
async def worker() -> AsyncIterator[PhotoWorker]:
    worker = PhotoWorker(wall_seconds=PATIENCE)
    yield worker
    await worker.close()


async def in_the_middle(worker: PhotoWorker) -> tuple[asyncio.Task[Processed], int]:
    """A picture that the process has spent time on, and the process's id. It stands still from there."""
    await worker.process(PICTURE, "line")
    pid = worker.pid
    assert pid is not None
    while True:
        before = cpu_ticks(pid)
        task = asyncio.create_task(worker.process(SLOW_PICTURE, "parcel"))
        while cpu_ticks(pid) < before + 4 and not task.done():
            await asyncio.sleep(0.005)
        os.kill(pid, signal.SIGSTOP)
        await asyncio.wait([task], timeout=0.05)
        if not task.done():
            return task, pid
        os.kill(pid, signal.SIGCONT)  # it was done before we looked


def cpu_ticks(pid: int) -> int:
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11])
    return 0


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


async def until_gone(pid: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while not is_gone(pid):
            await asyncio.sleep(0.005)


async def test_it_makes_what_the_recipe_makes(worker: PhotoWorker) -> None:
    for purpose in PURPOSES:
        assert await worker.process(PICTURE, purpose) == process(PICTURE, purpose)


async def test_nothing_runs_before_the_first_picture(worker: PhotoWorker) -> None:
    assert worker.pid is None


async def test_one_process_serves_many_pictures(worker: PhotoWorker) -> None:
    await worker.process(PICTURE, "line")
    first = worker.pid
    await asyncio.gather(*(worker.process(PICTURE, "line") for _ in range(MOST_WAITING)))
    assert worker.pid == first


async def test_a_refusal_tells_the_person_what_to_do_and_costs_no_process(worker: PhotoWorker) -> None:
    with pytest.raises(Invalid, match="JPEG, PNG and WebP") as caught:
        await worker.process(b"<svg/>", "portrait")
    assert caught.value.errors == (("photo", MESSAGES["kind"]),)
    first = worker.pid
    await worker.process(PICTURE, "portrait")
    assert worker.pid == first


async def test_more_than_eight_megabytes_are_refused_without_starting_anything(worker: PhotoWorker) -> None:
    with pytest.raises(TooLarge):
        await worker.process(b"\xff\xd8\xff" + bytes(MAX_BYTES), "portrait")
    assert worker.pid is None


async def test_a_purpose_that_is_not_ours_is_a_fault_of_the_program(worker: PhotoWorker) -> None:
    with pytest.raises(ValueError, match="no such purpose"):
        await worker.process(PICTURE, "../portrait")


async def test_a_process_that_is_killed_in_the_middle_costs_nobody_a_picture(worker: PhotoWorker) -> None:
    task, first = await in_the_middle(worker)
    os.kill(first, signal.SIGKILL)
    assert len((await task).renditions) == 4
    assert worker.pid != first


async def test_a_picture_that_spends_all_its_seconds_is_not_tried_again(worker: PhotoWorker) -> None:
    task, pid = await in_the_middle(worker)
    os.kill(pid, signal.SIGXCPU)
    os.kill(pid, signal.SIGCONT)
    with pytest.raises(Invalid, match="too long"):
        await task
    assert worker.pid is None


async def test_a_process_that_was_killed_while_idle_is_replaced(worker: PhotoWorker) -> None:
    await worker.process(PICTURE, "line")
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)
    assert (await worker.process(PICTURE, "line")).renditions


async def test_a_picture_that_takes_too_long_is_refused_and_the_next_one_works() -> None:
    worker = PhotoWorker(wall_seconds=0.02)
    with pytest.raises(Invalid, match="too long"):
        await worker.process(SLOW_PICTURE, "parcel")
    assert worker.pid is None
    worker._wall_seconds = 10
    assert (await worker.process(PICTURE, "line")).renditions
    await worker.close()


async def test_a_caller_who_goes_away_leaves_nothing_for_the_next(worker: PhotoWorker) -> None:
    task, _ = await in_the_middle(worker)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [r.width for r in (await worker.process(PICTURE, "portrait")).renditions] == [196, 196, 392, 392, 588, 588]


async def test_the_ninth_who_would_have_to_wait_is_asked_to_come_back(worker: PhotoWorker) -> None:
    tasks = [asyncio.create_task(worker.process(PICTURE, "line")) for _ in range(1 + MOST_WAITING)]
    await asyncio.sleep(0)
    with pytest.raises(TooMany) as caught:
        await worker.process(PICTURE, "line")
    assert caught.value.retry_after >= 1
    assert len(await asyncio.gather(*tasks)) == 1 + MOST_WAITING


async def test_closing_waits_for_no_picture_in_hand(worker: PhotoWorker) -> None:
    task, pid = await in_the_middle(worker)
    await worker.close()
    assert is_gone(pid)
    with pytest.raises(RuntimeError, match="closed"):
        await task
    with pytest.raises(RuntimeError, match="closed"):
        await worker.process(PICTURE, "line")


async def test_closing_while_the_process_starts_leaves_none() -> None:
    worker = PhotoWorker()
    task = asyncio.create_task(worker.process(PICTURE, "line"))
    await asyncio.sleep(0)
    await worker.close()
    with pytest.raises(RuntimeError, match="closed"):
        await task
    assert worker._process is None


async def test_an_idle_process_ends_and_the_next_picture_starts_another() -> None:
    worker = PhotoWorker(idle_seconds=0)
    await worker.process(PICTURE, "line")
    process = worker._process
    assert process is not None
    async with asyncio.timeout(PATIENCE):
        await process.wait()
    assert process.returncode == 0
    assert (await worker.process(PICTURE, "line")).renditions
    await worker.close()


SERVER = """
import asyncio, sys
from storefront_trace.photos.worker import PhotoWorker
async def main():
    worker = PhotoWorker()
    await worker.process(sys.stdin.buffer.read(), "line")
    print(worker.pid, flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""


async def test_a_server_that_is_killed_does_not_leave_its_process_behind() -> None:
    server = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", SERVER),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={"PYTHONPATH": str(PACKAGE_ROOT)},
    )
    assert server.stdin is not None and server.stdout is not None
    server.stdin.write(PICTURE)
    server.stdin.close()
    pid = int(await server.stdout.readline())
    assert not is_gone(pid)
    server.kill()
    await server.communicate()
    await until_gone(pid)


async def test_the_process_knows_none_of_the_servers_secrets(
    worker: PhotoWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "hush")
    await worker.process(PICTURE, "line")
    assert b"hush" not in Path(f"/proc/{worker.pid}/environ").read_bytes()


async def test_the_process_is_held_to_its_limits(worker: PhotoWorker) -> None:
    await worker.process(PICTURE, "line")
    lines = Path(f"/proc/{worker.pid}/limits").read_text().splitlines()
    limits = {line[:25].strip(): line[25:].split()[0] for line in lines}
    assert limits["Max address space"] == str(worker_main.ADDRESS_SPACE)
    assert limits["Max file size"] == limits["Max core file size"] == "0"
    assert 1 <= int(limits["Max cpu time"]) <= 2 + worker_main.CPU_SECONDS


async def test_the_largest_pictures_we_take_stay_within_the_limits(worker: PhotoWorker) -> None:
    for data in (
        made.encoded(Image.new("RGB", (8_000, 5_000), (180, 120, 60)), "JPEG", quality=70),
        made.one_colour_webp(8_000, 5_000),  # needs the most memory of all
    ):
        assert (await worker.process(data, "parcel")).renditions[-1].pixels == (1_600, 1_000)


async def test_a_picture_that_needs_more_memory_than_allowed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def starved(data: bytes, purpose: str, crop: object) -> None:
        raise MemoryError

    monkeypatch.setattr(worker_main, "process", starved)
    stream = asyncio.StreamReader()
    stream.feed_data(worker_main._answered(PICTURE, "line", None))
    with pytest.raises(Refused, match="heavy"):
        await wire.read_answer(stream, "line")


@pytest.mark.parametrize(
    "header",
    [
        b"not json",
        b"[]",
        b'{"files": 3}',
        b'{"files": []}',
        b'{"files": [[96, "webp", 1, 1, 3]]}',
        b'{"files": [[96, "webp", 1, 1, 3], [96, "exe", 1, 1, 3], [192, "webp", 1, 1, 3], [192, "jpg", 1, 1, 3]]}',
        b'{"files": [[96, "webp", 1, 1, 3], [96, "jpg", 0, 1, 3], [192, "webp", 1, 1, 3], [192, "jpg", 1, 1, 3]]}',
        b'{"files": [[96, "webp", 1, 1, 3], [96, "jpg", 1, 1, -3], [192, "webp", 1, 1, 3], [192, "jpg", 1, 1, 3]]}',
        b'{"files": [[96, "webp", 1, 1, 9e9], [96, "jpg", 1, 1, 3], [192, "webp", 1, 1, 3], [192, "jpg", 1, 1, 3]]}',
        b" " * (1 + wire.MAX_HEADER),
    ],
)
async def test_the_server_believes_no_answer_that_this_purpose_cannot_give(header: bytes) -> None:
    stream = asyncio.StreamReader()
    stream.feed_data(wire.ANSWER.pack(len(header)) + header)
    with pytest.raises(wire.Garbled):
        await wire.read_answer(stream, "line")


def test_no_bytes_at_all_bring_the_process_down() -> None:
    async def survive(files: list[bytes]) -> None:
        worker = PhotoWorker()
        first = None
        for data in files:
            with contextlib.suppress(Invalid):
                await worker.process(data, "line")
            first = first or worker.pid
            assert worker.pid == first is not None
        await worker.close()

    starts = st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x20\0\0\0WEBPVP8X", PICTURE[:300]])
    files = st.lists(st.builds(bytes.__add__, starts, st.binary(max_size=200)), min_size=20, max_size=20)

    @settings(max_examples=4)
    @given(files)
    def check(data: list[bytes]) -> None:
        asyncio.run(survive(data))

    check()
