# report.md, and what CI shows of it.

## Words of many tables

md-gap = { " " }
md-fact = what
md-value = value
md-rows-left-out = { $n } more are not in the table; all are in

## Head

md-title = R-v0.2.1 fault recovery PoC: report
md-run-line = Run { $run }, started { $started }
md-missed = { $scenario }: { $kpi }: { $value }, pass line { $line }: { $verdict }

## Purpose

md-purpose = Purpose
md-purpose-text = R-v0.2, the Fault Recovery Manager, brought SelfHealingDaemon, StateResync, AlertDispatcher and the recovery APIs. Faults were injected under continuous load to show that the flow detect → restart → restore state → notify works at the level of real operation. The figures go into the permanent specification: number of retries, alert rule, criterion of a State Resync, monitoring settings.

## Environment

md-environment = Environment
md-target-bundled = bundled backend at { $url }, started by the run
md-target-external = backend at { $url }, started by somebody else
md-stores = stores
md-versions = versions
md-machine = machine
md-machine-is = { $os }, { $cpus } processors, { $build }
md-release-build = optimised build
md-debug-build = debug build
md-duration = duration
md-ended = end
md-users = users
md-think-time = mean think time
md-canary-is = { $request } every { $interval }
md-hold = well for so long to count as recovered
md-deadline = recovery deadline
md-strict = strict judgement (the 95 % bound must clear the line)
md-sink-outage = our own alert sink closed for
md-labels = labels
md-command = The command that made it:
md-command-unknown = The journal does not record the command that made it.

## Results

md-results = Results per scenario
md-scenario-title = Scenario { $letter }: { $name }
md-planned = Faults: { $fault }; iterations: { $iterations }; pause after each recovery: { $pause }.
md-planned-outage = A store is away for { $outage }.
md-no-kpi = The scenario declares no KPI, so nothing is judged.
md-kpi = KPI
md-counted = numerator of denominator
md-kpis = KPIs

md-episodes = Episodes
md-no-episode = No fault was injected.
md-recovery = recovery
md-lasted = lasted
md-alerts-in-time = alerts in time
md-failed-requests = failed requests
md-restart-of-stores = For a store, “restart” is our own outage: the harness makes it and ends it.
md-unrecovered = Episode { $id }, { $outcome }: { $meaning }

md-members = members, and when each was ready itself
md-member = #{ $id } { $fault } { $target } ({ $after }): { $ready }
md-overlap = away at the same time
md-collateral = down already
md-dependency-exits = ended as a dependency stayed away

md-outages = Outages of stores
md-spooled = spooled
md-replayed = replayed
md-newly-damaged = newly lost or changed
md-resynced = whole again by itself

md-state = State and SessionLog
md-no-entry = No entry was written, so there is nothing to lose.
md-loss-is = { $rate } ({ $lost } lost of { $read } acknowledged entries that were read back); at most { $bound } with 95 % confidence (one-sided)
md-entries = entries
md-entries-are = { $acknowledged } acknowledged: { $stable } stable, { $stale } stale, { $lost } lost, { $unread } never read; { $indeterminate } sent without an answer; acknowledged from the spool: { $spooled }
md-resyncs-automatic = resyncs by itself
md-resyncs-forced = forced resyncs
md-resyncs-forced-are = { $asked } asked for, { $succeeded } succeeded, { $failed } failed, { $refused } refused, { $unknown } unknown

md-alerts-missed = missed (late ones included)
md-alerts-duplicate = duplicates
md-alerts-false = false alarms
md-alerts-recall = recall (in time ÷ expected)
md-alerts-precision = precision (in time ÷ in time and false)
md-alerts-delay = delay from the fault's effect
md-alerts-sink-closed = our own alert sink was closed for

## Acceptance

md-acceptance = Acceptance criteria
md-progress = Progress { $progress } %, status { $status }
md-criterion = criterion
md-result = result
md-reason = reason
md-proof = proof

## Permanent specification

md-specification = Proposed permanent specification
md-spec-lead = Each value with what this run measured of it. Where the run does not measure it, it stays as planned: retry 3 times, alert when the 4th attempt fails.
md-spec-part = part
md-spec-proposal = proposal
md-spec-in-force = in force in this run
md-spec-measured = measured
md-spec-attempts = { $n ->
    [one] { $n } recovery
   *[other] { $n } recoveries
} after { $attempts ->
    [one] { $attempts } restart
   *[other] { $attempts } restarts
}

md-spec-retries = Number of retries
md-spec-retries-proposal = Retry up to { $n } times in a row.
md-spec-retries-measured = Recoveries of failed modules by themselves: { $attempts }.
md-spec-retries-survived = Largest number of consecutive failures survived: { $n }.
md-spec-retries-margin = That { $n } are needed, or enough for more failures, is not shown.
md-spec-retries-not-measured = No failed module of this run recovered by a restart that was seen: stays as planned.
md-spec-retries-never-exhausted = No policy was exhausted.
md-spec-retries-exhausted = { $n ->
    [one] { $n } policy was
   *[other] { $n } policies were
} exhausted, and the module given up.

md-spec-alert = Alert rule
md-spec-alert-proposal = A warning at each failure; a critical alert when attempt { $n } fails.
md-spec-alert-measured = { $n } of { $of } expected alerts came in time.
md-spec-alert-delays = Delay from the fault's effect: { $delays }.
md-spec-alert-not-measured = No alert was expected in this run: stays as planned.
md-spec-alert-critical = { $n ->
    [one] { $n } critical alert of repeated failures
   *[other] { $n } critical alerts of repeated failures
} came in time, the latest { $longest } after the first failure.
md-spec-alert-not-reached = Attempt { $n } was not seen to fail and be told of in this run: that part stays as planned.

md-spec-resync = State Resync succeeds when
md-spec-resync-proposal = by itself and within { $deadline } of the fault's effect, the spool is empty, cache and database agree on every session, and no acknowledged entry is lost or changed.
md-spec-resync-measured = { $n } of { $of } outages ended so.
md-spec-resync-took = Time to resync from the end of the outage: shortest { $shortest }, median { $middle }, longest { $longest }.
md-spec-resync-not-measured = No outage of a store was decided in this run: stays as planned.

md-spec-monitoring = Monitoring settings
md-spec-monitoring-proposal = Keep the settings in force.
md-spec-monitoring-unknown = As planned: the target does not tell its settings.
md-spec-monitoring-noticed = The target noticed a fault after { $shortest } at the earliest, { $middle } in the median, { $longest } at the latest.
md-spec-monitoring-false = False alarms: { $n }.
md-spec-monitoring-not-measured = No detection was observed in this run: stays as planned.

## What is not shown

md-not-shown = What is not shown
md-not-shown-trials = A rate from few trials says little: the interval beside each rate is what the number of trials shows, and a pass is no promise for the long run.
md-not-shown-machine = The figures are those of this machine, this load and these versions; none of them is known to hold elsewhere.
md-not-shown-faults = Only the faults named above were injected. Disks that fail, networks that split and clocks that jump were not.

## Figures and files

md-figures = Figures
md-files = Files
md-file-page = the report as a page, with every episode
md-file-summary = everything that was judged, for programs
md-file-evidence = the acceptance criteria, for programs
md-file-junit = test cases, for CI

## What CI shows

ci-title = goose-recovery: { $verdict }
ci-run = Run { $run }: { $state }; seed { $seed }
ci-not-recovered = Episodes that did not recover:
ci-no-failed-episode = All { $n } episodes recovered.
ci-files = Files in { $folder }:
ci-missed = { $kpi }: { $value } ({ $counted }), pass line { $line }
ci-caveats = What weakens this result:
ci-more-notes = { $n } more are in index.html
