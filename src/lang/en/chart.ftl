# In figures.

## resilience

resilience-title = Goodput around each fault
resilience-caption = { $n ->
        [one] 1 episode
       *[other] { $n } episodes
    }, one line each, in per cent of its own baseline · started { $started } · run { $run }
resilience-caption-some = { $n } of { $all } episodes (those that did not recover and the slowest), one line each, in per cent of its own baseline · started { $started } · run { $run }
resilience-goodput = goodput, in % of the episode's baseline
resilience-since-t0 = seconds since the fault took effect (t0)
resilience-baseline = baseline = 100 %
resilience-t0 = t0
resilience-no-data = no data: no fault took effect, or none had a baseline to compare with
resilience-panel = { $scenario }: { $n ->
        [one] 1 episode
       *[other] { $n } episodes
    }
resilience-panel-modules = { $scenario }: faults of modules, { $n ->
        [one] 1 episode
       *[other] { $n } episodes
    }
resilience-panel-stores = { $scenario }: faults of stores, { $n ->
        [one] 1 episode
       *[other] { $n } episodes
    }

resilience-alt = Goodput over the time since each fault took effect, a line for each of { $n ->
        [one] 1 episode
       *[other] { $n } episodes
    }, of which { $recovered } recovered.
resilience-alt-lowest = The lowest goodput was in episode { $episode }: { $share } % of its baseline, { $after } after t0.

resilience-column-episode = #
resilience-column-lowest = Lowest goodput (% of baseline)
resilience-column-after = Reached after t0
resilience-column-low = Time below 90 %
resilience-column-lost = Requests lost
resilience-column-p95 = Highest p95 of the canaries

## the curve of one episode

episode-curve-requests = Requests per second
episode-curve-baseline = baseline
episode-curve-goodput = goodput
episode-curve-lost = lost
episode-curve-failed = failed
episode-curve-held = users held still
episode-curve-canaries = Canaries, p95 (log scale)
episode-curve-limit = limit
episode-curve-canary-failed = a canary failed
episode-curve-t0 = t0
episode-curve-detected = detected
episode-curve-restarted = restarted
episode-curve-outage-ended = outage ended
episode-curve-ready = ready
episode-curve-restored = restored
episode-curve-alt = Around t0 of episode { $episode }: the lowest goodput was { $lowest } requests per second, against { $baseline } in the baseline; { $lost } requests were lost. The highest p95 of the canaries was { $slowest }, against a recovery limit of { $limit }.
## several figures

chart-range = { $low } to { $high }

chart-seconds-since-start = seconds since start
chart-no-request = no data: no request of a user was journalled
chart-no-episode = no data: no episode


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
resync-uncounted = does not count as resynced
resync-open = not over at the episode's end
resync-spooled = entries spooled
resync-replayed = replayed
resync-no-fault = no data: no store fault was injected
resync-no-effect = no data: no store fault took effect

resync-resynced = resynced
resync-not-resynced = not resynced
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
## How long until trials recovered (recovery_ecdf)

ecdf-title = Share of trials recovered over time
ecdf-caption = { $trials ->
    [one] { $trials } decided trial
   *[other] { $trials } decided trials
}: a fault by itself or a whole chain; void and aborted ones are left out · run { $run }
ecdf-note = shaded: pointwise 95 % band of the Kaplan–Meier estimate (log–log scale), where trials are censored; tick: a trial given up there
ecdf-nothing = no data: no trial was decided
ecdf-x-log = time since the fault took effect (t0), log scale
ecdf-y = Share of trials recovered
ecdf-median = median
ecdf-p95 = p95
ecdf-line = { $scenario }: { $figures }
ecdf-figures = { $recovered } of { $trials } recovered, median { $median }{ $interval }, p95 { $p95 }
ecdf-interval = { " " }(95 %: { $low } to { $high })
ecdf-interval-open = { " " }(95 %: at least { $low })
ecdf-not-reached = not reached
ecdf-no-trial = no trial was decided
ecdf-alt = Share of trials recovered by time since the fault took effect, one step line per scenario. { $lines }.
ecdf-alt-nothing = No data: no trial was decided.
ecdf-column-time = time since t0, ms
ecdf-column-watched = still watched, trials
ecdf-column-recovered = recovered then, trials
ecdf-column-censored = given up before the next row, trials
ecdf-column-share = recovered so far, %
ecdf-column-low = 95 % band from, %
ecdf-column-high = 95 % band to, %

## When expected alerts came (alerts)

alert-delay-title = Delay of expected alerts
alert-delay-caption = { $n ->
    [one] { $n } expected alert
   *[other] { $n } expected alerts
} · started { $started } · run { $run }
alert-delay-nothing = no data: no alert was expected
alert-delay-x = seconds since start, at the fault's effect (t0)
alert-delay-y = From t0 to the alert's arrival
alert-delay-y-log = From t0 to the alert's arrival (log scale)
alert-delay-counted = { $what }: { $n }
alert-fate-in-time = in time
alert-fate-late = late
alert-fate-missed = missed
alert-fate-undecided = not decided
alert-delay-deadline = deadline
alert-delay-sink-closed = our own alert sink closed
alert-delay-unexpected = Alerts that nobody expected, at their arrival
alert-delay-alt = Delays from the fault's effect to the arrival of { $n ->
    [one] { $n } expected alert
   *[other] { $n } expected alerts
} over the run's time. In time: { $in-time } (shortest delay { $shortest }, longest { $longest }); { $late } late, { $missed } missed, { $undecided } not decided. Besides, alerts that nobody expected: { $duplicates } duplicate, { $collateral } collateral, { $false-alarms } false.
alert-delay-alt-closed = { " " }Our own alert sink was closed { $n ->
    [one] { $n } time
   *[other] { $n } times
}, for { $length }.
alert-delay-alt-nothing = No data: no alert was expected.
alert-delay-column-module = module
alert-delay-column-kinds = kind
alert-delay-column-severity = least severity
alert-delay-column-t0 = t0, s since start
alert-delay-column-fate = what became of it
alert-delay-column-delay = delay after t0, ms
alert-delay-column-deadline = deadline after t0, ms

## How long requests took during episodes and outside of them (latency)

latency-plot-title = Duration of users' requests during episodes and outside
latency-plot-caption = all requests, failed ones included; during: under way at any moment of an episode · run { $run }
latency-plot-nothing = no data: no request of a user was journalled
latency-plot-x = duration of a request (log scale)
latency-plot-ratio = during ÷ outside
latency-plot-inside = during episodes
latency-plot-outside = outside of episodes
latency-plot-p50 = p50 (median)
latency-plot-p90 = p90
latency-plot-p95 = p95
latency-plot-p99 = p99
latency-plot-max = longest
latency-plot-group = { $group }: { $requests ->
    [one] { $requests } request
   *[other] { $requests } requests
}, { $failed } of them failed ({ $share })
latency-plot-no-request = { $group }: no request
latency-plot-percentiles = { $group }: p50 { $p50 }, p90 { $p90 }, p95 { $p95 }, p99 { $p99 }, longest { $max }
latency-plot-alt = Percentiles of the durations of users' requests; { $inside }; { $outside }.
latency-plot-alt-nothing = No data: no request of a user was journalled.
latency-plot-column-group = requests
latency-plot-column-requests = requests, count
latency-plot-column-failed = failed, count
latency-plot-column-ms = { $percentile }, ms
