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
