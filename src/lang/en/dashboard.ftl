# The web page.

## the frame

# The page: its frame.
frame-skip = Skip to the run that goes on
frame-live = Live
frame-runs = Runs
frame-no-script = This page shows nothing without JavaScript. The same figures are at /api/runs and, as a stream of events, at /api/live; a finished run has its report as a file.
frame-footer = Made by goose-recovery. It reads the journal and the folder of reports, and changes neither. Charts drawn by uPlot 1.6.32, © Leon Sorokin:
frame-licence = licence (MIT)

# The page: live.
frame-connecting = Connecting to the dashboard …
frame-lost = Connection to the dashboard lost, trying again. Below is how the run stood before.
frame-no-run = No run yet
frame-followed = The journal that is followed:
frame-first-run = Start a run in another terminal. It shows here as soon as its first line is written:
frame-other-journal = A run can also bring its own page along, and a page can follow another journal:
frame-command-run = Command that starts a run
frame-command-follow = Commands that show a run
frame-so-far = so far
frame-report = Open the report
frame-place = Scenario { $k } of { $n }: { $name }
frame-episode-of = Episode { $k } of { $n }
frame-episode = Episode { $k }
frame-progress = Episodes of the run
frame-elapsed = elapsed
frame-labels = labels
frame-journal = journal
frame-unreadable-lines = (lines that cannot be read: { $n })
frame-recovery = How fast it healed
frame-worst = longest
frame-flight = Episodes in flight
frame-last-episode = Last episode
frame-no-flight = None yet.
frame-since-action = since it was asked for; no effect is proven yet
frame-acts = fault acts
frame-over = fault is over
frame-deadline-in = deadline in { $length }
frame-deadline-passed = deadline passed
frame-window-open = not recovered
frame-lanes = Modules and stores over time
frame-zone = times in { $zone }
frame-per-second = { $n } /s
frame-newest = { $title }, in the second from { $time }: { $values }
frame-last-seconds = What users felt in the last seconds, the newest first
frame-closed = Episodes that are over
frame-no-closed = None is over yet.
frame-no-alert = None has arrived or is due yet.
frame-said-verdict = Verdict so far: { $verdict }.
frame-said-final = Verdict: { $verdict }.
frame-said-fault = Episode { $episode } began: { $fault }, { $target }.
frame-said-outcome = Episode { $episode }: { $outcome }.

# The page: runs.
frame-again = Look again
frame-loading = Looking through the reports …
frame-not-loaded = The list of runs could not be loaded ({ $reason }): look again.
frame-no-runs = No report yet
frame-looked-through = The folder that was looked through:
frame-report-of-run = Every run leaves its report there when it ends; one that has ended already gets one by the command goose-recovery report.
frame-by-setting = By setting
frame-by-setting-meaning = Fields of the restart policy in which these runs differ. A click on one shows its runs alone.
frame-setting = setting
frame-one-setting = the same in all runs
frame-run-count = runs
frame-trend = mean recovery time, run by run
frame-trend-alt = Mean recovery time of { $n } runs: first { $first }, last { $last }, shortest { $least }, longest { $most }
frame-last-mean = last mean
frame-every-run = Every run
frame-filter = Filter the runs
frame-search = search
frame-search-in = run, label, scenario, setting
frame-label = label
frame-no-filter = Show all
frame-shown = { $n } of { $all } shown
frame-none-shown = No run is like that. Show all takes the filters away.
frame-more = Show { $n } more
frame-duration = took
frame-tick = Tick { $run } to compare it
frame-untick = Untick all
frame-compare = Compare
frame-compare-hint = Tick two runs or more; the oldest is the baseline.
frame-compare-runs = Compare { $n } runs (baseline: { $run })
frame-ticked-hidden = ticked, but hidden by the filters: { $n }
frame-unreadable-reports = Reports that cannot be read: { $n }

## the run that goes on


## what becomes of it


## the list of runs


