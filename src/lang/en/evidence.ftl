# The plan's acceptance criteria.

## evidence.json, and the table of it in report.md

evidence-met = met
evidence-not-met = not met
evidence-not-tested = not tested

evidence-kpi = Scenario { $letter } ({ $scenario }): { $kpi } { $line }
evidence-value = { $value } ({ $n } of { $of })
evidence-mean = { $value } (mean of { $of })
evidence-not-run = The scenario was not run.
evidence-not-declared = The scenario was not judged on this KPI.
evidence-looser-line = The run was judged on another pass line than the plan's.
evidence-undecided = The data do not decide.
evidence-undecided-because = The data do not decide: { $why }
evidence-interrupted = The run did not come to its end.

evidence-real-stores = Scenario { $letter } ({ $scenario }): a PostgreSQL and a Redis were stopped
evidence-stores-both = { $stores }: { $database } decided outages of the database, { $cache } of the cache
evidence-stores-not-both = { $stores }: { $database } decided outages of the database, { $cache } of the cache, and both are needed
evidence-stores-unknown = stores that are not known
evidence-other-stores = The run had { $stores }, and the plan is about PostgreSQL and Redis.

evidence-specification-retries = Permanent specification in words: number of retries
evidence-specification-alert = Permanent specification in words: alert rule
evidence-specification-resync = Permanent specification in words: criterion of a successful State Resync
evidence-specification-retries-from = From { $n ->
    [one] { $n } recovery of a failed module
   *[other] { $n } recoveries of failed modules
} in this run.
evidence-specification-alert-from = From { $n ->
    [one] { $n } alert
   *[other] { $n } alerts
} that came in time in this run.
evidence-specification-resync-from = From { $n ->
    [one] { $n } outage of stores
   *[other] { $n } outages of stores
} in this run.
evidence-specification-nothing-measured = The run measured nothing of it, so the words are the plan's own.

evidence-logs = Evidence: logs and report
evidence-logs-whole = The journal is whole, and the report was made from it.
evidence-logs-unreadable = { $n ->
    [one] { $n } line
   *[other] { $n } lines
} of the journal could not be read.
