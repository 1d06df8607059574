# Words that every form of the report uses.

verdict-pass = pass
verdict-fail = fail
verdict-inconclusive = inconclusive

headline-pass = the system healed itself within every pass line
headline-fail = a pass line was missed
headline-inconclusive = the data do not decide

kpi-auto_recovery_rate = Automatic recovery rate
kpi-state_resync_rate = State resync rate
kpi-mean_recovery_time = Mean recovery time
kpi-missed_alerts = Missed alerts

kpi-auto_recovery_rate-definition = episodes that recovered with nothing but the system itself acting ÷ decided episodes; a chain of faults counts as one
kpi-state_resync_rate-definition = store episodes after which the state was whole again by itself and in time, with no acknowledged entry lost or changed ÷ store episodes
kpi-mean_recovery_time-definition = mean time from the start of the fault's effect until users were served as before
kpi-missed_alerts-definition = expected alerts that did not come by their deadline

kpi-metric-percentile = { $percent }th percentile of the durations of users' requests that met their contract
kpi-metric-max = longest of users' requests that met their contract
kpi-metric-mean = mean duration of users' requests that met their contract
kpi-metric-error_rate = users' requests that did not meet their contract ÷ all of them
kpi-metric-availability = canaries that met their contract ÷ all of them (due at a fixed rate, also while nobody is answered)
kpi-metric-throughput = users' requests that met their contract, per second

kpi-phase-before = before the scenario's first fault, without the episodes of earlier ones
kpi-phase-during = during episodes: from the start of the fault's effect, with what was under way then, to the recovery or the deadline
kpi-phase-recovering = during episodes, once no fault acts any more
kpi-phase-after = after recovery: from there to the next fault, or to the end of the scenario
kpi-phase-whole = over the whole scenario
kpi-custom-definition = { $metric }, { $phase }

outcome-recovered = recovered
outcome-censored = censored
outcome-void = void
outcome-aborted = aborted

outcome-recovered-meaning = reached the state before the fault, and held it
outcome-censored-meaning = not recovered by the deadline: counts as a failure
outcome-void-meaning = the fault had no confirmed effect: reported, never a success
outcome-aborted-meaning = interrupted before it was decided: outside every rate

run-completed = completed
run-interrupted = interrupted
run-aborted = aborted by a guardrail
run-failed = ended by an error of the harness

role-matched = expected, in time
role-late = expected, late
role-duplicate = duplicate
role-collateral = collateral
role-false = false alarm

phase-detect = detect
phase-restart = restart
phase-ready = ready
phase-restore = restore
phase-recover = recover

phase-detect-meaning = fault took effect → detected
phase-restart-meaning = detected → restarted
phase-ready-meaning = restarted → ready
phase-restore-meaning = ready → state restored
phase-recover-meaning = last of these → users served as before

phase-detect-of-stores = fault took effect → the backend noticed
phase-restart-of-stores = noticed → the store accepts again: the outage that the harness makes and ends
phase-ready-of-stores = accepts again → the backend sees it answer
phase-restore-of-stores = answers → state restored
phase-recover-of-stores = last of these → users served as before

## parts of sentences

n-of = { $n } of { $all }
from-to = { $from } to { $to }
list-comma = { ", " }
list-semicolon = { "; " }
with-detail = { $text } ({ $detail })
named = { $name }: { $text }
none = none
yes = yes
no = no
unknown = unknown
helped = helped

## headings

heading-caveats = What weakens this result
heading-timeline = Timeline
heading-recovery = Recovery per episode
heading-users = What users felt
heading-state = State
heading-alerts = Alerts
heading-chains = Chains of faults
heading-load = Load
heading-run = How the run was made

## counts

count-episodes = { $n ->
    [one] { $n } episode
   *[other] { $n } episodes
}
count-chains = { $n ->
    [one] { $n } chain
   *[other] { $n } chains
}
count-decided-episodes = { $n ->
    [one] { $n } decided episode
   *[other] { $n } decided episodes
}
count-decided-trials = { $n ->
    [one] { $n } decided trial
   *[other] { $n } decided trials
}
count-outcome = { $n } { $outcome }

## figures of a KPI

kpi-mean-of = mean of { $n }
kpi-requests = { $n ->
    [one] { $n } request
   *[other] { $n } requests
}
kpi-requests-in = { $n ->
    [one] { $n } request
   *[other] { $n } requests
} in { $length }
kpi-left-out = { $n } left out
kpi-at-least = at least { $value } with 95 % confidence (one-sided)
kpi-at-most = at most { $value } with 95 % confidence (one-sided)
kpi-missed = { $name } is { $value } and had to be { $line }
kpi-undecided = { $name } ({ $value }, to be { $line }) is not decided

## an episode in a row

failures-between = { $first } … { $last }
failures-from = from { $first }
alerts-not-due = none due
alerts-late = { $n } late
alerts-duplicate = { $n } duplicate
alerts-collateral = { $n } collateral
alerts-false = { $n } false

## the alerts of a run

alerts-none = no data: none was expected and none came
alerts-in-time = { $count } expected in time
alerts-recall-none = no data: none was expected
alerts-precision-none = no data: none was matched or false
alerts-rates = recall { $recall }, precision { $precision }
alerts-delays-none = no data: none was matched
alerts-delays = p50 { $p50 }, p95 { $p95 }, max { $max }
alerts-delay = delay { $delays }
alerts-sink-closed = our own sink was closed for { $length }

## the run as a whole

load-none = no data: no request of a user was journalled
load-line = { $requests } requests ({ $failed } failed), { $rate } a second; p95 { $inside } inside episodes, { $outside } outside
ledger-none = no data: no entry was written
ledger-line = { $acknowledged } entries acknowledged: { $stable } stable, { $stale } stale, { $lost } lost, { $never_read } never read
ledger-unexpected = { $n } unexpected
ledger-indeterminate = { $n } indeterminate (no answer)
ledger-spooled = { $n } acknowledged from the spool
ledger-replayed = { $n } replayed from it
harness-lag = { $thread } { $p99 } (max { $max })
harness-lags = lag p99: { $lags }
stalls-none = users never waited for the journal
stalls = users waited for the journal { $n ->
    [one] { $n } time
   *[other] { $n } times
}, { $sum } in sum
unreadable-none = every line of the journal was readable
unreadable = { $n ->
    [one] { $n } line
   *[other] { $n } lines
} of the journal could not be read

## chains

chain-strategy-unchanged = unchanged
chains-sum = { $chains }; members away at the same time in { $overlapped }; { $skipped ->
    [one] { $skipped } target
   *[other] { $skipped } targets
} down already; { $exits ->
    [one] { $exits } module ended
   *[other] { $exits } modules ended
} by itself as its dependency stayed away

## the state

state-loss = { $rate } ({ $lost } lost of { $read ->
    [one] { $read } acknowledged entry that was read back
   *[other] { $read } acknowledged entries that were read back
}); at most { $bound } with 95 % confidence (one-sided)
state-resynced = resynced
state-not-resynced = not resynced
state-not-known = not known
state-recovery-from-end = recovery time from the fault's end
state-outage = outage
state-time-to-resync = time to resync, from the fault's end
state-spooled = entries spooled
state-replayed = entries replayed
state-automatic-resync = automatic resync
state-forced-resync = forced resync
state-read-back = read-back
state-state = state
resynced-not-known = { $n } not known
resyncs-automatic = { $begun } begun, { $succeeded } succeeded, { $failed } failed
resyncs-unseen = not observed: the backend gave no events
resyncs-requested = { $asked } asked for, { $succeeded } succeeded, { $failed } failed, { $refused } refused
resyncs-unknown = { $n } of which nobody said how they ended
resync-automatic = automatic
resync-forced = forced
resync-succeeded = succeeded
resync-failed = failed
resync-refused = refused
resync-unknown = unknown
resync-no-answer = no answer
resync-report = { $outcome } in { $length }: { $replayed } replayed, { $rebuilt ->
    [one] { $rebuilt } session
   *[other] { $rebuilt } sessions
} rebuilt, { $repaired ->
    [one] { $repaired } session
   *[other] { $repaired } sessions
} repaired, { $mismatches ->
    [one] { $mismatches } mismatch
   *[other] { $mismatches } mismatches
}
read-back = { $damaged ->
    [one] { $damaged } entry
   *[other] { $damaged } entries
} newly lost or changed, { $unread } could not be read
read-back-none = none was made
read-back-compared = cache and database differ in { $differ } of { $compared ->
    [one] { $compared } session
   *[other] { $compared } sessions
}
read-back-not-compared = cache and database not compared
