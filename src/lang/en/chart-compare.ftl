# In figures of comparisons and of sweeps.

## Values with their units

measure-requests = { $n } { $count ->
        [one] request
       *[other] requests
    }
measure-restarts = { $n } { $count ->
        [one] restart
       *[other] restarts
    }
forest-less = ← less is better
forest-more = more is better →

## Changes (forest)

forest-title = Change from the baseline
forest-caption = baseline: { $baseline }
forest-decided = decided by intervals corrected for { $questions ->
        [one] 1 question
       *[other] { $questions } questions
    } (Holm, { $confidence } in all), which may be wider than those drawn; a change counts when it is beyond the noise
forest-hollow = hollow: no interval
forest-noise = noise: ± { $noise } %
forest-ratio = Change of the mean, % of the baseline (log scale of the ratio)
forest-points = Difference of the proportion, percentage points
forest-group = { $metric } · { $scenario }
forest-row = { $change } ({ $low } to { $high }) · { $outcome }
forest-row-why = { $change } · no interval: { $reason }
forest-row-no-ratio = { $change } · { $outcome } · the ratio has no interval
forest-row-zero = now { $value } · { $outcome } · no ratio: the baseline is 0
forest-alt = { $n ->
        [one] 1 change
       *[other] { $n } changes
    } from the baseline { $baseline }: { $improved } improved, { $regressed } regressed, { $unchanged } unchanged, { $inconclusive } inconclusive.
forest-alt-claim = { $group }, { $side }: { $text }.
forest-column-difference-interval = difference, 95 % interval
forest-column-ratio = change of the mean
forest-column-ratio-interval = change of the mean, 95 % interval
forest-column-reason = why nothing is claimed

## Recovery times of all sides (distributions, strip)

dist-title = Share of trials recovered over time, by side
dist-caption = Kaplan–Meier estimate of all runs of a side together: decided trials, each a fault by itself or a whole chain
dist-note-ticks = tick: a trial given up there
dist-left-out = only the first { $n } sides are drawn; left out: { $sides }
dist-alt = Share of trials recovered by time since the fault took effect, one step line per side.
dist-alt-panel = { $scenario }: { $lines }.

strip-title = Recovery time of every trial, by side
strip-caption = decided trials, each a fault by itself or a whole chain; the runs of a side lie below one another, and a trial's height in its run means nothing
strip-recovered = recovered
strip-given-up = given up, after so long
strip-mean = mean
strip-mean-restricted = mean restricted to { $until }, until when every trial was watched
strip-x = Recovery time since t0
strip-x-log = Recovery time since t0, log scale
strip-figures = mean { $mean } · { $trials ->
        [one] 1 trial
       *[other] { $trials } trials
    }, { $lost } given up
strip-alt = Recovery time of every trial, a row of marks per side.
strip-alt-panel = { $scenario }: { $rows }.
strip-alt-row = { $side }: { $figures }
strip-column-trials = decided trials
strip-column-given-up = given up
strip-column-mean = mean, ms (restricted where trials were given up)
strip-column-least = shortest, ms
strip-column-most = longest, ms

## Settings (heat_map, pareto)

sweep-mark-fails = fails a KPI
sweep-column-marks = remarks
sweep-alt-chosen = Recommended: { $setting }.

heat-title = What each setting shows
heat-caption = { $n ->
        [one] 1 setting
       *[other] { $n } settings
    }; means and shares over all trials; shaded from the best to the worst of each panel
heat-caption-all = { $n ->
        [one] 1 setting
       *[other] { $n } settings
    }, all with { $constant }; means and shares over all trials; shaded from the best to the worst of each panel
heat-best = light: best of the panel
heat-worst = dark: worst
heat-unit-requests = , requests
heat-not-run = not run
heat-default = default
heat-alt = { $n ->
        [one] 1 setting
       *[other] { $n } settings
    }, { $flag } across, a panel for each metric.
heat-alt-best = { $group }: the best is { $value } with { $setting }{ $others ->
        [0] { "" }
        [one] { " " }and 1 other
       *[other] { " " }and { $others } others
    }.

pareto-title = Fast recovery against its cost
pareto-caption = { $n ->
        [one] 1 setting
       *[other] { $n } settings
    }; further left is faster, further down costs less
pareto-passes = passes every KPI
pareto-undecided = a KPI is not decided
pareto-front = Pareto front: passing settings that no other passing one beats in both
pareto-no-front = no Pareto front: no setting passes
pareto-on-front = on the Pareto front
pareto-x = Mean recovery time
pareto-x-log = Mean recovery time, log scale
pareto-y-log = , log scale
pareto-restarts = Restarts per recovery
pareto-lost = Goodput lost per trial, requests
pareto-list = Settings
pareto-entry = { $setting }: { $parts }
pareto-entry-recovery = { $value }
pareto-entry-restarts = { $value }
pareto-entry-lost = { $value } lost
pareto-not-drawn-recovery = not drawn: no recovery time
pareto-not-drawn-cost = not drawn: neither restarts nor lost goodput are known
pareto-alt = { $passing } of { $n ->
        [one] 1 setting
       *[other] { $n } settings
    } { $passing ->
        [one] passes
       *[other] pass
    } every KPI.
pareto-alt-front = { $cost }: on the Pareto front with mean recovery time are { $settings }.
pareto-column-recovery = mean recovery time, ms
pareto-column-restarts = restarts per recovery
pareto-column-lost = goodput lost per trial, requests
pareto-column-front = on the Pareto front of
