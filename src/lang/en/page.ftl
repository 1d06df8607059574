# The page index.html.

## page: head

page-title = recovery under load
page-skip = Skip to the verdict
page-kicker = Recovery under load
page-question = Does this system heal itself, how fast, and does it tell anyone?
page-line = started { $start } · took { $length }
page-sections = Sections
page-footer = Made by goose-recovery from the journal of the run. This file works offline; summary.json beside it holds the same figures for machines.

## page: verdict and KPIs

page-run-was = The run was { $state }
page-culprits-more = { $n ->
    [one] { $n } more episode
   *[other] { $n } more episodes
}
page-why-helped = recovered, but not by itself
page-why-censored = not recovered within { $deadline }
page-why-reached = it got as far as: { $phase }
page-why-unnoticed = nobody saw it being noticed
page-why-cause = most failures: { $cause } ({ $n })
page-why-slow = took { $length }
page-why-missed = { $alert } did not come within { $length }
page-why-late = { $alert } came { $length } after its deadline
page-why-alerts = { $n } of { $expected } expected alerts missed
page-why-damaged = { $n ->
    [one] { $n } entry
   *[other] { $n } entries
} newly lost or changed
page-alert-of = { $kind } of { $module }
page-kpis = The KPIs against their pass lines
page-trials = trials
page-undeclared = not declared
page-no-kpi = No data: this scenario declares no KPI.
page-counted = counted
page-no-caveats = Nothing that the analysis knows of.
page-trust-held = Checks of the measurement itself that hold:

## page: figures

page-figure-timeline = What users felt over time
page-figure-recovery = Recovery time of each episode, split into phases
page-figure-resilience = Resilience curves of the episodes, aligned at t0
page-figure-recovery_ecdf = Distribution of the recovery times
page-figure-latency = Latency inside and outside of the episodes
page-figure-resync = Outage and time to resync of each store episode
page-figure-alerts = Delay of each expected alert
page-figure-cascade = What each module and store did over time
page-figure-start = The time axis counts seconds since the run began, at { $start }.
page-data = The figures behind the chart

## page: episodes

page-episodes = Each episode
page-no-episode = No data: no episode.
page-few-curves = There are more than { $n } episodes: only those that did not recover and the slowest have a resilience curve.
page-open-all = Open all
page-close-all = Close all
page-all = all
page-shown = Shown:
page-from-end = from the fault's end
page-phases = Phases
page-phase-open = not over
page-phase-open-meaning = from there until the episode was given up, or the run ended
page-phases-unobserved = Not observed: { $phases }. The length of a phase whose end nobody observed is in the next one.
page-curve = Resilience curve
page-facts = Figures
page-events = Events since t0
page-causes = Failed requests by cause
page-cause = cause
page-causes-other = other causes
page-episode-t0 = t0, since the run began
page-episode-evidence = evidence of the effect
page-episode-automatic = automatic
page-episode-by-itself = yes: nothing but the system itself acted
page-episode-undecided = not decided
page-episode-recovery = recovery time
page-episode-first-success = first success after t0
page-episode-first-failure = first failure after t0
page-episode-last-failure = last failure after t0
page-episode-failed = requests failed
page-episode-goodput = goodput lost
page-episode-requests = { $n } requests
page-episode-attempts = restart attempts
page-episode-alerts = alerts
page-episode-alert-delay = alert delay
page-episode-baseline = judged against
page-episode-baseline-text = baseline { $from } to { $to }: { $n ->
    [one] { $n } canary
   *[other] { $n } canaries
}, { $good } good, p95 { $p95 }
page-episode-baseline-rate = { $rate } requests a second
page-episode-no-baseline = no baseline was measured
page-due-in-time = { $alert }, due within { $due }: came after { $after }
page-due-late = { $alert }, due within { $due }: came late, after { $after }
page-due-missed = { $alert }, due within { $due }: did not come
page-due-undecided = { $alert }, due within { $due }: the run ended before that

## page: users

page-latency = Latency and availability
page-latency-meaning = Requests that were under way at any moment of an episode, apart from all others: a figure over the whole run would hide an outage.
page-inside = inside episodes
page-outside = outside
page-requests = requests
page-failed = failed
page-availability = availability
page-longest = longest
page-goodput-lost = { $requests } requests of goodput lost in { $episodes } (area between baseline goodput and goodput, from t0 to the end).

## page: state

page-ledger = What became of the acknowledged session entries
page-ledger-acknowledged = acknowledged
page-ledger-acknowledged-meaning = answered 2xx: must be there for good
page-ledger-stable = stable
page-ledger-stable-meaning = acknowledged and read back unchanged
page-ledger-stale = stale
page-ledger-stale-meaning = acknowledged, read back with other content
page-ledger-lost = lost
page-ledger-lost-meaning = acknowledged, and a complete read does not show it
page-ledger-never-read = never read
page-ledger-never-read-meaning = acknowledged, but its session could not be read
page-ledger-unexpected = unexpected
page-ledger-unexpected-meaning = read, but never sent
page-ledger-indeterminate = indeterminate
page-ledger-indeterminate-meaning = sent without an answer: may or may not be there, no loss
page-ledger-spooled = spooled
page-ledger-spooled-meaning = acknowledged while a store was away, as safe in the spool
page-ledger-replayed = replayed
page-ledger-replayed-meaning = brought from the spool into the database, as the resyncs report
page-ledger-compared = sessions compared
page-ledger-compared-meaning = cache and database were both asked, after all was over
page-ledger-cache-differs = cache differs
page-ledger-cache-differs-meaning = of these, sessions of which the two do not say the same
page-resyncs = Resyncs by trigger
page-resyncs-meaning = A resync that had to be forced cannot stand in for one that did not come by itself.
page-store-rows = Store episodes by store and kind of fault
page-no-store-episode = No data: no store episode.
page-store = store
page-episode-count = episodes
page-newly-damaged = newly damaged

## page: alerts

page-alert-totals = Alerts in total
page-alerts-expected = expected
page-alerts-expected-meaning = by the faults
page-alerts-in-time = in time
page-alerts-in-time-meaning = expected, and came by the deadline
page-alerts-missed = missed
page-alerts-missed-meaning = expected, and did not come by the deadline
page-alerts-late = late
page-alerts-late-meaning = of the missed, those that came after all
page-alerts-duplicate = duplicates
page-alerts-duplicate-meaning = the same idempotency key again
page-alerts-collateral = collateral
page-alerts-collateral-meaning = not expected, inside an episode
page-alerts-false = false alarms
page-alerts-false-meaning = not expected, outside every episode
page-alerts-received = received
page-alerts-received-meaning = all of them, duplicates included
page-alerts-recall = recall
page-alerts-recall-meaning = in time ÷ expected
page-alerts-precision = precision
page-alerts-precision-meaning = in time ÷ (in time + false alarms)
page-alerts-delay = delay
page-alerts-delay-meaning = from t0 to those in time
page-alerts-sink-closed = our own sink closed
page-alerts-sink-closed-meaning = on purpose: deadlines do not run meanwhile, the delays do
page-no-alert = No alert arrived.
page-every-alert = Every alert in order of arrival
page-at = at
page-severity = severity
page-kind = kind
page-module = module
page-message = text
page-matched-as = matched as

## page: chains

page-chains-meaning = Several faults that are meant to overlap are one trial: it recovers when its last member does. Each member's own way to ready stands beside that of the whole system.
page-chain-table = Each chain
page-member-table = The members of the chains
page-whole-system = whole system
page-overlapped = away at the same time
page-strategy = strategy
page-down-already = down already (collateral)
page-dependency-exits = ended as its dependency stayed away
page-after-first = after the first
page-itself-ready = itself ready after
page-recovered-after = recovered after

## page: load

page-load-users = users
page-load-think-time = think time
page-load-requests = requests
page-load-failed = failed
page-load-rate = requests a second
page-goose = goose's own metrics
page-goose-line = At most { $users } users at once, { $length } of load, { $kinds ->
    [one] { $kinds } kind of request
   *[other] { $kinds } kinds of requests
}.
page-goose-more = { $n ->
    [one] { $n } more kind of request
   *[other] { $n } more kinds of requests
}
page-goose-file = All of them stand beside this page in goose.json; the figures above are those of the journal.
page-no-goose = The run did not get as far as goose's own metrics.
page-succeeded = succeeded
page-shortest = shortest
page-mean = mean

## page: how the run was made

page-plan = Plan, target and versions
page-run-backend = backend
page-run-backend-bundled = bundled, started by the harness
page-run-backend-other = started elsewhere
page-run-stores = Stores
page-run-timeout = request timeout
page-run-canary-text = { $request } every { $length }
page-run-health = health poll
page-run-every = every { $length }
page-run-recovered = recovered means
page-run-recovered-text = as before the fault, held for { $length }
page-run-deadline = recovery deadline
page-run-baseline = baseline
page-run-baseline-text = at least { $length } and { $n } canaries
page-run-alerts = alerts can be received
page-run-strict = strict (the bound must clear the line)
page-run-harness = goose-recovery
page-run-goose = goose
page-run-system = system
page-run-system-text = { $os }, { $n ->
    [one] { $n } processor
   *[other] { $n } processors
}
page-run-optimised = optimised build
page-run-sink-outage = alert sink closed, on purpose, for
page-run-label = label { $key }
page-scenarios = Scenarios
page-faults = faults
page-pause = pause
page-outage = outage
page-resync-grace = grace before a forced resync
page-judged-on = judged on
page-policy = The target's restart policy before the run
page-policy-meaning = Names and values are the target's own.
page-no-policy = The target gives none.

## trust

page-trust = Can this measurement be trusted?
page-trust-meaning = A starved harness measures itself: what must be so for the figures to speak of the target, and what was found.
page-check = check
page-must-be = what must be so
page-found = found
trust-holds = holds
trust-fails = does not hold
trust-open = open
trust-lags = The harness's threads wake on time: p99 at most { $most } late
trust-lag = The { $thread } thread wakes on time: p99 at most { $most } late
trust-lag-found = p99 { $p99 }, at most { $max }
trust-stalls = Users never wait for the journal
trust-unreadable = The journal is whole
trust-probes = Canaries and health polls ran
trust-probes-found = { $canaries } canaries, { $polls } polls
trust-build = The harness is an optimised build
trust-build-optimised = optimised
trust-build-debug = a debug build: it loads the machine more and the target less
trust-clock = The target's events carry our own clock's time
trust-clock-same = the same machine, and so the same clock
trust-clock-other = another machine: an offset of its clock is not measured; it would shift phases, not recovery times
trust-baseline = Every baseline is at least as long as a recovery must hold: { $hold }
trust-baseline-missing = { $n ->
    [one] { $n } episode has
   *[other] { $n } episodes have
} no baseline
trust-baseline-found = at least { $n } canaries, over { $length } or more
trust-healthy = Without a fault the system was well: at least { $least } of the canaries succeed
trust-healthy-found = { $worst } in the worst baseline
trust-ending = The run came to its planned end
trust-effects = Every fault had a confirmed effect
trust-decided = Every episode was decided
trust-uncensored = Every recovery time was observed
trust-alerts = Alerts could be received
trust-alerts-found = { $n } received
trust-alerts-none = no alert source
trust-trials = Scenario { $scenario } has { $n } trials or more
