# What a comparison of runs says: what is not the same, what weakens it, why it cannot tell.

compare-none = none
compare-yes = yes
compare-no = no
compare-difference = { $name } ({ $values })
compare-sides = { $before } | { $side }

## What runs may differ in

compare-field-schema = version of the summary
compare-field-scenarios = scenarios
compare-field-faults = kinds of faults
compare-field-outage = length of the outages
compare-field-stores = stores
compare-field-users = users
compare-field-think-time = think time
compare-field-request-timeout = request timeout
compare-field-canary-request = request of the canaries
compare-field-canary-interval = interval of the canaries
compare-field-health-interval = interval of the health polls
compare-field-hold = hold
compare-field-recovery-deadline = recovery deadline
compare-field-alert-source = alerts can be received
compare-field-sink-outage = outage of the alert sink
compare-field-label = label { $label }
compare-field-policy = policy field { $field }
compare-field-base-url = base URL
compare-field-bundled-backend = bundled backend
compare-field-iterations = faults
compare-field-pause = pause between faults
compare-field-resync-grace = grace before a resync is forced
compare-field-baseline-length = least length of the baseline
compare-field-baseline-canaries = least number of canaries of the baseline
compare-field-custom-kpis = KPIs of the plan file
compare-field-seed = seed
compare-field-goose-recovery = version of goose-recovery
compare-field-goose = version of goose
compare-field-os = operating system
compare-field-cpus = processors
compare-field-release-build = optimised build

## What weakens a comparison

compare-caveat-forced = These runs do not measure the same: { $differences }. The comparison was forced, and what it shows may have nothing to do with the setting.
compare-caveat-unfinished = { $count ->
    [one] Run { $runs } did
   *[other] Runs { $runs } did
} not complete.
compare-caveat-one-run = With a single run of { $sides } nothing tells how much runs differ among themselves: a change between machines or minutes may look like one between settings.

## Why there is no interval

compare-reason-few = a side has fewer than { $least } trials with a value
compare-reason-not-observed = not observed on both sides

## What is compared

metric-recovery_time = recovery time
metric-detect = phase: detect
metric-restart = phase: restart
metric-ready = phase: ready
metric-restore = phase: restore
metric-recover = phase: recover
metric-auto_recovery_rate = automatic recovery rate
metric-state_resync_rate = state resync rate
metric-missed_alerts = missed alerts
metric-alert_delay = alert delay
metric-goodput_lost = goodput lost
metric-restart_attempts = restarts per recovery
metric-failed_requests = failed requests

## What is claimed of a change

change-improved = improved
change-regressed = regressed
change-unchanged = unchanged
change-inconclusive = inconclusive

compare-points = { $n } points
compare-headline-regressed = { $regressed ->
    [one] { $regressed } change is
   *[other] { $regressed } changes are
} for the worse, { $improved } for the better.
compare-headline-improved = { $improved ->
    [one] { $improved } change is
   *[other] { $improved } changes are
} for the better, none for the worse.
compare-headline-none = No metric is claimed to differ.
compare-tally = { $questions ->
    [one] { $questions } change
   *[other] { $questions } changes
} of { $metrics ->
    [one] { $metrics } metric
   *[other] { $metrics } metrics
}: { $improved } improved, { $regressed } regressed, { $unchanged } unchanged, { $inconclusive } inconclusive
compare-claim = { $metric } of { $side }: { $baseline } → { $value } ({ $scenario })
compare-of-better = more is better
compare-of-worse = less is better
compare-weight-compared = compared
compare-weight-noted = may explain a change
compare-weight-meaningless = makes the comparison meaningless

## The page

compare-title = Comparison of runs
compare-kicker = goose-recovery · comparison
compare-question = Which setting is better, and how sure is that?
compare-sweep-question = Which setting is to be kept, and how sure is that?
compare-line = { $sides ->
    [one] { $sides } side
   *[other] { $sides } sides
}, { $runs ->
    [one] { $runs } run
   *[other] { $runs } runs
}, { $trials ->
    [one] { $trials } trial
   *[other] { $trials } trials
}; baseline: { $baseline }
compare-heading-recommendation = Recommendation
compare-heading-comparable = What differs besides
compare-heading-changes = Changes
compare-heading-distributions = Recovery times
compare-heading-runs = Runs
compare-heading-method = How it was decided
compare-heading-undecided = What the data do not decide
compare-heading-standings = Every setting
compare-heading-policy = The permanent specification
compare-policy-meaning = As goose-recovery backend --policy { $file } takes it; the file stands beside this page.
compare-no-difference = Nothing else differs.
compare-caveats = What weakens the comparison
compare-field = what
compare-weight = weight
compare-side = side
compare-n = n
compare-baseline = baseline
compare-value = value
compare-metric = metric
compare-change = difference
compare-ratio = ratio
compare-effect = effect size
compare-p = p (corrected)
compare-outcome = outcome
compare-setting = setting
compare-trials = trials
compare-runs = runs
compare-recovered = recovered
compare-recovery = mean recovery time
compare-restarts = restarts per recovery
compare-restarts-per-trial = restarts per fault
compare-requests-per-entry = requests per entry
compare-lost = goodput lost per fault
compare-is-chosen = recommended
compare-is-planned = the plan's own
compare-is-baseline = baseline
compare-paired = pairs of the same fault
compare-unpaired = all against all
compare-how = compared as
compare-sort = sort by { $column }
compare-standings-meaning = Restarts per fault and requests per entry are what retries cost: how often the backend started modules for one fault, and how often users had to send one entry until it was acknowledged.
compare-changes-meaning = A difference is the side's value less the baseline's, with its 95 % interval by itself. A change is claimed only where the interval that the correction asks for lies wholly beyond ± { $noise } of the baseline (of a rate: as many points).
compare-method-unit = Means are of all values, never of means. What is drawn anew are whole runs, as faults of one run share its machine and its minute; where both sides had the same seeds and faults, fault is compared with fault.
compare-method-intervals = Intervals of means are bias-corrected and accelerated bootstrap intervals ({ $resamples } resamples, seed { $seed }), their width from leaving out one run at a time with Student's t; those of rates are Newcombe's, with counts reduced by the design effect of the runs.
compare-method-correction = Holm's correction over { $questions ->
    [one] { $questions } question
   *[other] { $questions } questions
}: the probability that any of all claims is wrong is at most { $error }.
compare-method-rule = The rule of the recommendation: all KPIs pass; then the least mean recovery time, with all that are not distinguishable from it; then the fewest restarts, likewise; then the simplest: the plan's own setting, or else the one with the fewest retries, or else the first.
compare-restricted = mean up to { $time }, as some were given up
compare-log-rank = log-rank χ² { $chi }, p { $p }
compare-cliffs_delta = Cliff's δ { $value }
compare-cohens_h = Cohen's h { $value }
compare-row-why = { $outcome }: { $reason }
compare-forced = FORCED: these runs do not measure the same
compare-footer = Made by goose-recovery from the summaries of the runs. This file works offline; compare.json beside it holds the same figures for machines.

page-figure-pareto = Recovery time against its price
page-figure-heat_map = Every setting by every metric
page-figure-forest = Changes against the baseline
page-figure-distributions = Recovery times over each other
page-figure-strip = Every trial
