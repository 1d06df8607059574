# In figures.

## several figures

chart-episodes = { $n ->
    [one] { $n } episode
   *[other] { $n } episodes
}
chart-chains = { $n ->
    [one] { $n } chain
   *[other] { $n } chains
}
chart-outcome = { $n } { $outcome }
chart-outcomes = { $whole }: { $each }
chart-range = { $low } to { $high }
chart-none = none

chart-seconds-since-start = seconds since start
chart-since-fault = time since the fault took effect (t0)
chart-no-request = no data: no request of a user was journalled
chart-no-episode = no data: no episode

chart-column-episode = #
chart-column-scenario = scenario
chart-column-fault = fault
chart-column-target = target
chart-column-outcome = outcome

## timeline

timeline-title = What users felt over time
timeline-caption = started { $started } · one point per { $bin } · run { $run }
timeline-fault = fault takes effect (t0)
timeline-recovered = until recovered
timeline-read-back = read-back: users held still
timeline-undecided = not recovered (censored or aborted)
timeline-void = void: fault without effect
timeline-unnamed = { $n ->
    [one] { $n } fault: no room to name it here
   *[other] { $n } faults: too many to name them here
}
timeline-rates = Requests per second
timeline-good = met their contract (goodput)
timeline-failed = failed
timeline-errors = Error rate (% of requests)
timeline-latency = Latency (log scale)

timeline-alt-nothing = No data: no request of a user was journalled.
timeline-alt = Requests per second, error rate and latency of the users over { $length }, with { $windows ->
    [one] { $windows } fault window
   *[other] { $windows } fault windows
} shaded.
timeline-alt-extremes = Goodput peaks at { $peak } requests a second; the worst point has { $worst } failed requests.
timeline-alt-read-backs = Users were held still for { $n ->
    [one] { $n } read-back
   *[other] { $n } read-backs
}.

timeline-column-from = from (s since start)
timeline-column-good-per-s = goodput (requests/s)
timeline-column-failed-per-s = failed (requests/s)
timeline-column-error-rate = error rate (%)
timeline-column-p50 = p50 (ms)
timeline-column-p99 = p99 (ms)

## recovery

recovery-title = Recovery time per episode
recovery-caption = { $outcomes } · started { $started } · run { $run }
recovery-restart-of-stores = restart (of stores: our own outage)
recovery-void = { $outcome }: the fault had no confirmed effect
recovery-censored = { $outcome }: not recovered within { $after }
recovery-aborted = { $outcome } after { $after }
recovery-mean = mean { $mean }
recovery-pass-line = pass line { $limit } (mean)
recovery-pass-line-far = pass line { $limit } (mean) is far to the right: { $times } × the axis →

recovery-alt-nothing = No data: no episode recovered ({ $outcomes }).
recovery-alt = Recovery time of each episode, split into phases.
recovery-alt-times = { $outcomes }; recovery took { $span }.

recovery-column-phase = { $phase } (ms)
recovery-column-recovery = recovery (ms)
recovery-column-from-end = recovery from the fault's end (ms)
recovery-column-failures = failures seen (ms after t0)
recovery-column-requests = requests
recovery-column-failed = failed requests

## resync

resync-title = Outage and time to resync per store episode
resync-caption = { $outcomes } · started { $started } · run { $run }
resync-stores = stores · { $stores }
resync-stores-unknown = stores · unknown
resync-outage = outage (our own)
resync-whole = time to resync
resync-failed = does not count as resynced
resync-open = not over at the episode's end
resync-spooled = entries spooled
resync-replayed = replayed
resync-state = state
resync-no-fault = no data: no store fault was injected
resync-no-effect = no data: no store fault took effect

resync-resynced = resynced
resync-not-resynced = not resynced
resync-not-known = not known
resync-because = { $verdict }: { $reason }

resync-alt-no-fault = No data: no store fault was injected.
resync-alt-no-effect = No data: no store fault took effect.
resync-alt = Outage and time to resync of { $n ->
    [one] { $n } store episode
   *[other] { $n } store episodes
}.
resync-alt-lengths = Outages: { $outages }; from the end of the outage until the state was whole again: { $resyncs }.
resync-alt-whole = { $whole } of { $n } resynced by themselves, in time and unharmed.

resync-column-outage = outage (ms)
resync-column-resync = time to resync (ms)
resync-column-spooled = spooled (entries)
resync-column-replayed = replayed (entries)

## cascade

cascade-title = Modules under chains of faults
cascade-caption = started { $started } · { $outcomes } · run { $run }
cascade-chain = chain { $chain }
cascade-unnumbered = { $n ->
    [one] { $n } chain: no room to number it here
   *[other] { $n } chains: too many to number them here
}
cascade-down = down
cascade-restarting = restarting
cascade-healthy = healthy
cascade-span = chain, until the last recovered
cascade-sink-outage = our own alert sink closed
cascade-fault = fault
cascade-alert-matched = alert in time
cascade-alert-late = alert late
cascade-alert-duplicate = duplicate alert
cascade-alert-collateral = collateral alert
cascade-alert-false = false alarm
cascade-untold = no data: nobody told how it was
cascade-no-lane = no data: no module was hit or seen

cascade-alt = { $lanes ->
    [one] { $lanes } module or store
   *[other] { $lanes } modules and stores
} over time under { $chains ->
    [one] { $chains } chain of faults
   *[other] { $chains } chains of faults
}, with { $faults ->
    [one] { $faults } fault
   *[other] { $faults } faults
} and { $alerts ->
    [one] { $alerts } alert
   *[other] { $alerts } alerts
} marked.
cascade-alt-longest = Longest time down: { $down }; longest time restarting: { $restarting }.
cascade-alt-outages = { $n ->
    [one] Our own alert sink was closed once.
   *[other] Our own alert sink was closed { $n } times.
}

cascade-column-from = from (s)
cascade-column-to = to (s)
cascade-column-whose = module or store
cascade-column-what = what
cascade-what-fault = fault { $fault } (episode { $episode })
cascade-what-alert = { $alert }: { $kind }
cascade-left-out = { $n ->
    [one] { $n } more is left out here
   *[other] { $n } more are left out here
}
