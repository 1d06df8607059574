# What the analysis says of a run: what weakens it, what a KPI shows, what happened in an episode.

## Caveats: what weakens a result

# Why the run ended as it did, when nobody said so.
no-reason = no reason is on record
detail-unfinished = the journal ends without `run_finished`

caveat-ended = The run { $how ->
    [interrupted] was interrupted
    [aborted] was ended by a guardrail
   *[failed] could not go on
} ({ $detail }){ $verdict ->
    [inconclusive] , so that the verdict is inconclusive at best
   *[other] {""}
}.

caveat-few-trials = Scenario { $scenario } has { $trials ->
    [one] { $trials } trial
   *[other] { $trials } trials
}, which says little about a rate.
caveat-no-kpi = Scenario { $scenario } declares no KPI, so nothing is judged.
caveat-custom-kpis = KPIs of the plan file are figures of this run and have no interval: requests of one outage fail or wait together. A user who waits asks for nothing meanwhile, so durations, error rate and throughput of users look better than those of an open loop; availability is one.
caveat-void = Episode { $episode } is void and counts for nothing: { $reason }.
caveat-aborted = Episode { $episode } is aborted and outside every rate: { $reason }.
caveat-censored = Episode { $episode } had not recovered { $deadline } after t0: a failure, and the mean recovery time does not hold it.
caveat-censored-because = Episode { $episode } had not recovered { $deadline } after t0 ({ $reason }): a failure, and the mean recovery time does not hold it.

caveat-no-baseline = { $episodes ->
    [one] { $episodes } episode
   *[other] { $episodes } episodes
} had no baseline to be judged against.
caveat-short-baseline = { $episodes ->
    [one] { $episodes } episode was
   *[other] { $episodes } episodes were
} judged against a baseline that is shorter than the { $hold } for which a recovery must hold: { $length } at worst.
caveat-failing-baseline = Without any fault only { $share } of the canaries succeeded.

caveat-no-store-fault = Scenario { $scenario }: no store fault was injected: the harness has no way to stop this target's stores, so resyncs were only forced.
caveat-no-read-back = After { $count ->
    [one] episode
   *[other] episodes
} { $episodes } no read-back was made, so nobody saw whether entries were lost there.
caveat-not-compared = After { $count ->
    [one] episode
   *[other] episodes
} { $episodes } cache and database were not compared: the target cannot be asked so.
caveat-cache-differs = After episode { $episode } cache and database differed in { $sessions ->
    [one] { $sessions } session
   *[other] { $sessions } sessions
}.
caveat-cache-differs-of = After episode { $episode } cache and database differed in { $sessions } of { $compared ->
    [one] { $compared } session
   *[other] { $compared } sessions
}.
caveat-cache-differs-at-end = At the end cache and database differed in { $sessions ->
    [one] { $sessions } session
   *[other] { $sessions } sessions
}.
caveat-lost = { $entries ->
    [one] { $entries } entry was
   *[other] { $entries } entries were
} lost; { $acknowledged } had been acknowledged.
caveat-changed = { $entries ->
    [one] { $entries } entry was
   *[other] { $entries } entries were
} changed; { $acknowledged } had been acknowledged.
caveat-never-read = { $entries ->
    [one] { $entries } entry was
   *[other] { $entries } entries were
} never read back; { $acknowledged } had been acknowledged.
caveat-unexpected = { $entries ->
    [one] { $entries } entry was
   *[other] { $entries } entries were
} read though never sent; { $acknowledged } had been acknowledged.

caveat-clock-ahead = The target's clock is ahead of ours by at least { $least }: it stamped something later than we knew of it. What the backend says is off by as much, and t0 and the phases may be.
caveat-clock-behind = The target's clock is behind ours by at least { $least }: it stamped the end of a process earlier than the fault that ended it. What the backend says is off by as much, and t0 and the phases may be.
caveat-clock-remote = The target at { $host } is not on loopback: what the backend says is stamped by a clock that may not agree with ours, and t0 and the phases may be off by the difference.
caveat-threshold = goose's threshold { $rule } failed: observed { $observed }.
caveat-load-goes-on = { $option } was left out: the load goes on until the last episode is over.
caveat-load-may-end = { $option } was read by goose itself and may end the load before the last episode; what is open then is aborted.
caveat-judged-at-the-end = { $option } was judged at the end only: a threshold that fails in an outage would otherwise end the run that measures it.
caveat-may-end-in-an-outage = { $option } may end the load in an outage, as was asked for; what is open then is aborted.
caveat-aligned = { $requests ->
    [one] { $requests } request is
   *[other] { $requests } requests are
} from goose's own log, which tells starts in whole milliseconds and ends with the answer's head. Placed on the run's clock they are off by at most { $max }, measured on { $compared ->
    [one] { $compared } request
   *[other] { $compared } requests
} whose start is known exactly.
caveat-misaligned = { $requests ->
    [one] { $requests } request is
   *[other] { $requests } requests are
} from goose's own log and placed on the run's clock up to { $max } off, measured on { $compared ->
    [one] { $compared } request
   *[other] { $compared } requests
} whose start is known exactly: more than the log's rounding, so the machine was short of time. What users felt is blurred by as much.
caveat-not-compared-starts = { $requests ->
    [one] { $requests } request is
   *[other] { $requests } requests are
} from goose's own log, which tells starts in whole milliseconds; how well they were placed on the run's clock was not measured.
caveat-unreadable-log = { $lines ->
    [one] { $lines } line
   *[other] { $lines } lines
} of goose's request log could not be read.
caveat-clock-measured = The target's clock is { $side ->
    [same] not found to differ from ours
    [ahead] { $offset } ahead of ours
   *[other] { $offset } behind ours
}, to within { $uncertainty } as { $samples ->
    [one] { $samples } round trip shows
   *[other] { $samples } round trips show
}. What it stamped is put right by that, and every phase that ends or begins with a stamp of its is as uncertain.
caveat-lag = The { $thread } thread woke late: { $p99 } at the 99th percentile, { $max } at most.
caveat-journal-stalls = Users waited for the journal { $times ->
    [one] { $times } time
   *[other] { $times } times
}, { $sum } in sum: the load was less than planned.
caveat-unreadable-lines = { $lines ->
    [one] { $lines } line
   *[other] { $lines } lines
} of the journal could not be read.
caveat-late-probes = { $probes ->
    [one] { $probes } probe
   *[other] { $probes } probes
} came too late to be judged in order.
caveat-undecided-alerts = The run ended before the deadline of { $alerts ->
    [one] { $alerts } expected alert, which counts for nothing.
   *[other] { $alerts } expected alerts, which count for nothing.
}
caveat-no-probes = There are no canaries or no health polls, without which no recovery can be shown.
caveat-debug-build = The harness is a debug build: it loads the machine more and the target less.

## KPI notes: what a figure does and does not show

kpi-note-unknown = this version does not know the KPI, so nothing is shown
kpi-note-undecided = no episode was decided, so nothing is shown
kpi-note-at-least = { $n } of { $of }: at least { $bound } with 95 % confidence (one-sided)
kpi-note-at-most = { $n } of { $of }: at most { $bound } with 95 % confidence (one-sided)
kpi-note-would-show = { $needed } of { $needed } would show { $limit }
kpi-note-over = over { $length }{ $stretches ->
    [one] {""}
   *[other] {" "}in { $stretches } stretches
}
kpi-note-no-sample = nothing that it is taken from began in that phase, so nothing is shown
kpi-note-too-few = { $samples ->
    [one] { $samples } sample does
   *[other] { $samples } samples do
} not show it: that takes { $least }
kpi-note-too-short = { $length } do not show a throughput: that takes { $least }
kpi-note-void = { $trials } void left out
kpi-note-aborted = { $trials } aborted left out

kpi-note-none-recovered = no { $kind ->
    [trial] trial
   *[episode] episode
} recovered
kpi-note-mean = { $mean } over { $kind ->
    [trial] { $trials ->
        [one] { $trials } recovered trial
       *[other] { $trials } recovered trials
    }
   *[episode] { $trials ->
        [one] { $trials } recovered episode
       *[other] { $trials } recovered episodes
    }
}, 95 % interval { $low } to { $high }
kpi-note-mean-of-few = { $mean } over { $kind ->
    [trial] { $trials ->
        [one] { $trials } recovered trial
       *[other] { $trials } recovered trials
    }
   *[episode] { $trials ->
        [one] { $trials } recovered episode
       *[other] { $trials } recovered episodes
    }
}; below { $least } a mean has no interval
kpi-note-censored = { $censored } censored, so the true mean is at least { $least }

kpi-note-no-alert-source = no alerts could be received, so nothing is shown
kpi-note-no-alert-expected = no alert was expected, so nothing is shown
kpi-note-missed = { $missed } of { $expected ->
    [one] { $expected } expected alert
   *[other] { $expected } expected alerts
} missed
kpi-note-late = { $late } of them came late
kpi-note-missed-bound = up to { $bound } missed in the long run is not excluded (one-sided 95 %)

kpi-note-no-store-hit = no store was hit, so nothing is shown
kpi-note-no-store-decided = no store episode was decided, so nothing is shown
kpi-note-state = { $episodes ->
    [one] { $episodes } episode
   *[other] { $episodes } episodes
}: { $reason }
kpi-note-only-forced = { $resyncs ->
    [one] { $resyncs } forced resync
   *[other] { $resyncs } forced resyncs
} that succeeded afterwards cannot make up for it

## State: why it did not come back whole by itself, or why that is not known

state-damaged = acknowledged entries were lost or changed
state-unread = acknowledged entries could not be read back
state-cache-differs = cache and database do not say the same
state-no-events = the backend gave no events, so nobody saw whether a resync came by itself
state-forced-early = a forced resync began before the system had its time to do it by itself
state-no-resync = no automatic resync succeeded in time
state-not-whole = the state was not whole again in time and without a forced resync
state-no-read-back = no read-back was made, so nobody saw whether entries were lost

## Remarks: why an episode was not decided, or not recovered

remark-stopping-already = the backend was stopping it already
remark-never-confirmed = its effect was never confirmed
remark-ended-unconfirmed = the run ended before the effect was confirmed
remark-no-baseline = no baseline was measured before the fault, so recovery could not be judged
remark-superseded = the next fault on the same target came before recovery and before the deadline
remark-ended-undecided = the run ended before recovery and before the deadline
remark-late = reached and held { $after } after t0
remark-gave-up = the backend gave { $module } up{ $failures ->
    [0] {""}
    [one] {" "}after { $failures } consecutive failure
   *[other] {" "}after { $failures } consecutive failures
}
remark-gave-up-by-policy = the backend gave { $module } up{ $failures ->
    [0] {""}
    [one] {" "}after { $failures } consecutive failure
   *[other] {" "}after { $failures } consecutive failures
}: its policy allows max_retries { $retries }

## Events of an episode. A word that is not known here is the backend's own, and stays as it is.

# A module or a store with the process that is meant.
event-process = { $name } (pid { $pid })
event-store = { $store ->
    [database] the database
    [cache] the cache
   *[other] the { $store }
}
event-fault = { $fault ->
    [kill] SIGKILL sent to { $target }
    [pause] SIGSTOP sent to { $target }
    [crash-loop] SIGKILL sent to { $target }, and to each process that takes its place
    [restart] restart of { $target } requested
    [store-kill] SIGKILL sent to { $target } and all descendants
    [store-pause] SIGSTOP sent to { $target } and all descendants
    [store-stop] orderly stop of { $target } begun
    [store-lock] exclusive lock on { $target } asked for
   *[other] { $fault } of { $target }
}
event-fault-ended = fault ended{ $fault ->
    [pause] : { $target } continued by the harness
    [crash-loop] : the last kill of { $target } proven
   *[other] {""}
}
event-store-fault-ended = fault ended: { $target } accepted again
event-proven = effect proven: { $evidence }
event-not-proven = no effect proven: { $reason }
event-undo = undoing begun

event-backend = { $kind ->
    [spawned] backend: { $module } started
    [spawn_failed] backend: { $module } could not be started
    [ready] backend: { $module } ready
    [stable] backend: { $module } stable
    [exited] backend saw { $module } exit
    [hung] backend saw { $module } hang
    [start_timeout] backend: { $module } not ready in time
    [backoff] backend: { $module } waits before its restart
    [stopping] backend: { $module } asked to stop
    [gave_up] backend gave { $module } up
    [restart_requested] backend: restart of { $module } requested
    [policy_changed] backend: policy changed
    [store_down] backend saw { $module } fail
    [store_up] backend: { $module } answers again
    [stores_restored] backend: the state is whole again
    [resync_started] backend: resync begun
    [resync_finished] backend: resync ended
   *[other] backend: { $module } { $kind }
}
event-attempt = { $what }, attempt { $attempt }
event-cause = { $what } ({ $cause ->
    [crash] it crashed
    [hung] it hung
    [start_timeout] it was not ready in time
    [dependency] its dependency went away
    [dependency_lost] its dependency gave no answer
    [operator] an operator asked for it
    [shutdown] shutdown
   *[other] { $cause }
})
event-resync-started = backend: { $trigger ->
    [automatic] automatic
    [requested] requested
   *[other] { $trigger }
} resync begun
event-resync-finished = backend: { $trigger ->
    [automatic] automatic
    [requested] requested
   *[other] { $trigger }
} resync { $outcome ->
    [succeeded] succeeded
    [failed] failed
   *[other] { $outcome }
} after { $took }: { $replayed } replayed, { $rebuilt } rebuilt, { $repaired } repaired, { $mismatches ->
    [one] { $mismatches } mismatch
   *[other] { $mismatches } mismatches
}
event-health-page = health page shows { $module } as { $status ->
    [healthy] healthy
    [ready] ready
    [running] running
    [ok] ok
    [up] up
    [starting] starting
    [stopping] stopping
    [backoff] waiting for its restart
    [degraded] degraded
    [unhealthy] unhealthy
    [failed] failed
    [down] down
   *[other] { $status }
}

event-scripted = script: { $what }
event-from-outside = from outside: { $what }
event-answered = { $what } → { $status }
event-held = users held still for a read-back
event-read-back = read back: of { $acknowledged ->
    [one] { $acknowledged } acknowledged entry
   *[other] { $acknowledged } acknowledged entries
} { $damaged } newly lost or changed, { $unread } could not be read
event-read-back-compared = read back: of { $acknowledged ->
    [one] { $acknowledged } acknowledged entry
   *[other] { $acknowledged } acknowledged entries
} { $damaged } newly lost or changed, { $unread } could not be read; cache and database differ in { $differ } of { $compared ->
    [one] { $compared } session
   *[other] { $compared } sessions
}
event-alert = alert { $kind } for { $module } arrived (+{ $delay }), { $role ->
    [matched] expected
    [late] too late
    [duplicate] again
    [collateral] collateral
   *[false] unexpected
}

event-recovered = recovered after { $recovery }
event-recovered-since = recovered after { $recovery }, { $since } after the fault's end
event-censored = not recovered by the deadline
event-censored-because = not recovered by the deadline: { $reason }
event-aborted = aborted: { $reason }
event-void = void: { $reason }
