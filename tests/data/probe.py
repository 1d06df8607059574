#!/usr/bin/env python3
"""probe.py URL HEALTH_URL: an observer that knows nothing of the harness.

Asks for URL every 10 ms and for HEALTH_URL every 50 ms, each request on a connection of its own and due at a fixed time,
whatever became of those before. For each it prints, when it has ended: kind (c or h), when it was due (µs since the Unix
epoch), how long after that it ended (µs), and whether its status was 2xx (1 or 0). Runs until it is ended.
"""
import asyncio
import sys
import time
from urllib.parse import urlsplit

PATIENCE_S = 5
INTERVALS_US = {"c": 10_000, "h": 50_000}

# The wall clock is read once: it may be set meanwhile, the other one not.
UNIX_US = time.time_ns() // 1000 - time.monotonic_ns() // 1000


def now_us():
    return UNIX_US + time.monotonic_ns() // 1000


async def status(url):
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    try:
        writer.write(f"GET {url.path} HTTP/1.1\r\nhost: {url.netloc}\r\nconnection: close\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
        )
        # An answer that breaks off is none.
        await reader.readexactly(length)
        return int(head.split()[1])
    finally:
        writer.close()


async def ask(kind, url, due_us):
    try:
        ok = 200 <= await asyncio.wait_for(status(url), PATIENCE_S) < 300
    except (OSError, EOFError, ValueError, IndexError, asyncio.TimeoutError, asyncio.LimitOverrunError):
        ok = False
    print(kind, due_us, now_us() - due_us, int(ok), flush=True)


async def keep_asking(kind, url):
    due_us, running = now_us(), set()
    while True:
        await asyncio.sleep(max(0, due_us - now_us()) / 1e6)
        task = asyncio.ensure_future(ask(kind, url, due_us))
        running.add(task)
        task.add_done_callback(running.discard)
        due_us += INTERVALS_US[kind]


async def main():
    urls = dict(zip("ch", map(urlsplit, sys.argv[1:3])))
    await asyncio.gather(*(keep_asking(kind, url) for kind, url in urls.items()))


asyncio.run(main())
