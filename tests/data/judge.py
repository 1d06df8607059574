#!/usr/bin/env python3
"""judge.py LOG: when had the system recovered, by what probe.py saw?

Reads from standard input, in JSON: `hold_us` and `episodes`, each with its `t0`, `not_before` and `baseline` (from and to), in µs
since the Unix epoch. Prints, in JSON, the instant of each recovery (null without one).

The definition is that of the project's ARCHITECTURE.md, written anew from its words and by no means fast: recovered is when the
first request is due that is not before t0 (nor before the end of a fault that the harness ended), that succeeds within the
limit, and from which on, for the hold, success is at least that of the baseline less one point, the 95th percentile of those
that succeed at most max(1.25 × baseline, baseline + 20 ms), and every look at the health page finds it well.
"""
import json
import math
import sys
from bisect import bisect_left


def p95(durations):
    """By nearest rank."""
    return sorted(durations)[math.ceil(0.95 * len(durations)) - 1]


asked = json.load(sys.stdin)
probes = {"c": [], "h": []}
with open(sys.argv[1]) as log:
    for line in log:
        # The probe may have been ended in the middle of its last line.
        if line.endswith("\n"):
            kind, due, duration, ok = line.split()
            probes[kind].append((int(due), int(duration), ok == "1"))
canaries, looks = sorted(probes["c"]), sorted(probes["h"])


def between(found, start, end):
    return found[bisect_left(found, (start,)) : bisect_left(found, (end,))]


def recovered(episode):
    calm = between(canaries, *episode["baseline"])
    calm_ok = [duration for _, duration, ok in calm if ok]
    floor = len(calm_ok) / len(calm) - 0.01
    limit = max(1.25 * p95(calm_ok), p95(calm_ok) + 20_000)
    for start, duration, ok in canaries:
        end = start + asked["hold_us"]
        if start < max(episode["t0"], episode["not_before"]) or not ok or duration > limit:
            continue
        if canaries[-1][0] < end or looks[-1][0] < end:
            return None
        window, health = between(canaries, start, end), between(looks, start, end)
        fine = [duration for _, duration, ok in window if ok]
        if len(fine) / len(window) >= floor - 1e-9 and p95(fine) <= limit and health and all(ok for *_, ok in health):
            return start
    return None


print(json.dumps([recovered(episode) for episode in asked["episodes"]]))
