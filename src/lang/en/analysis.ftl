# What the analysis says of a run: what weakens it, what a KPI shows, what happened in an episode.

caveat-few-trials = Scenario { $scenario } has { $trials ->
    [one] { $trials } trial
   *[other] { $trials } trials
}, which says little about a rate.
