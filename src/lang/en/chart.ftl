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
