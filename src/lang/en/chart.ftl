# In figures.

## How long until trials recovered (recovery_ecdf)

ecdf-title = Share of trials recovered over time
ecdf-caption = { $trials ->
    [one] { $trials } decided trial
   *[other] { $trials } decided trials
}: a fault by itself or a whole chain; void and aborted ones are left out · run { $run }
ecdf-note = shaded: pointwise 95 % band of the Kaplan–Meier estimate (log–log scale), where trials are censored; tick: a trial given up there
ecdf-nothing = no data: no trial was decided
ecdf-x = time since the fault took effect (t0)
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
ecdf-column-scenario = scenario
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
alert-delay-column-episode = episode
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
