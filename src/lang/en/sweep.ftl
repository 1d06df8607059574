# What a sweep recommends, why, and what it leaves open.

sweep-kpi-auto_recovery_rate = automatic recovery rate
sweep-kpi-state_resync_rate = state resync rate
sweep-kpi-mean_recovery_time = mean recovery time
sweep-kpi-missed_alerts = missed alerts
sweep-kpi = { $kpi } is { $value } and has to be { $op } { $limit } ({ $scenario })
sweep-kpi-no-data = { $kpi }: no data, and has to be { $op } { $limit } ({ $scenario })
sweep-worst-run = the worst of { $runs ->
    [one] { $runs } run
   *[other] { $runs } runs
}
sweep-no-trial = no trial was decided

## The rule's steps

sweep-none = No setting can be recommended: none meets every KPI.
sweep-none-shown = No setting can be recommended: none is shown to meet every KPI.
sweep-chosen = Keep { $setting }: it meets every KPI in { $trials ->
    [one] { $trials } trial
   *[other] { $trials } trials
} of { $runs ->
    [one] { $runs } run
   *[other] { $runs } runs
}.
sweep-only = It is the only one of { $all } settings that does.
sweep-fastest = Of the { $passing } settings that meet every KPI it has the least mean recovery time, { $mean }, and every other one is claimed to be slower.
sweep-fastest-with = Of the { $passing } settings that meet every KPI it has the least mean recovery time, { $mean }; not distinguishable from it: { $others }.
sweep-not-slower = Of the { $passing } settings that meet every KPI { $fastest } has the least mean recovery time, { $least }; this one, with { $mean }, is not distinguishable from it.
sweep-fewest = Of those it makes the fewest restarts, { $restarts } for each recovery.
sweep-no-more = Of those { $fewest } makes the fewest restarts, { $least } for each recovery; this one, with { $restarts }, is not distinguishable from it.
sweep-simplest-planned = As it is the plan's own, it is simpler than { $others }, from which neither time nor restarts tell it apart.
sweep-simplest = It is simpler than { $others }, from which neither time nor restarts tell it apart: it has the fewest retries, or comes first.
sweep-unmet = { $setting } does not meet every KPI: { $unmet }.

## The plan's own setting

sweep-planned-absent = The plan's own setting, 3 retries with the alert on the 4th failure, has no finished run.
sweep-planned-chosen = The plan's own setting, 3 retries with the alert on the 4th failure, is the recommended one (mean recovery time { $mean }).
sweep-planned-unmet = The plan's own setting, 3 retries with the alert on the 4th failure, does not meet every KPI: { $unmet }.
sweep-planned-open = The plan's own setting, 3 retries with the alert on the 4th failure, is not shown to meet every KPI: { $unmet }.
sweep-planned-slower = The plan's own setting, 3 retries with the alert on the 4th failure, meets every KPI, and is slower (mean recovery time { $mean }).
sweep-planned-more = The plan's own setting, 3 retries with the alert on the 4th failure, meets every KPI, is not distinguishable from the fastest one, and makes more restarts ({ $restarts } for each recovery).
sweep-planned-passes = The plan's own setting, 3 retries with the alert on the 4th failure, meets every KPI, and is not distinguishable from the recommended one.

## What the data do not decide

sweep-open-faster = Whether { $setting } recovers faster or slower than { $others }: no difference beyond the noise is shown, and that is no proof that there is none.
sweep-open-kpis = Whether { $setting } meets every KPI: { $kpis }.
sweep-open-rate = Whether { $setting } has a true { $kpi } of { $limit }: { $trials ->
    [one] { $trials } trial shows
   *[other] { $trials } trials show
} at least { $bound } with 95 % confidence ({ $scenario }).
sweep-open-impossible = { $settings }: no backend takes { $count ->
    [one] this setting
   *[other] these settings
}, because the alert would wait for a failure after the last retry.
sweep-open-failed = { $setting }: { $runs ->
    [one] { $runs } run
   *[other] { $runs } runs
} of { $planned } failed or did not take place.
