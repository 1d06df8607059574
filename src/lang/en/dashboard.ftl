# The web page.

## what the server refuses

dashboard-refused = The dashboard does not answer this
dashboard-refused-again = Open it again from here
dashboard-refused-back = To the dashboard
dashboard-refused-broken = Something in the dashboard failed; its terminal says what. Ask again, and report it if that does not help.
dashboard-refused-force = Compare them all the same
dashboard-refused-host = The Host header names another host: call the dashboard by its address, or name the host with --allow-host when it is started.
dashboard-refused-method = The dashboard is there to be read: only GET and HEAD are answered.
dashboard-refused-no-host = The request names no host, or several: send one Host header.
dashboard-refused-no-run = The folder of reports has no such run, or its report has no such file.
dashboard-refused-no-token = This dashboard asks for its token. In a browser, open the address once with ?token=TOKEN at its end; a program sends the header Authorization: Bearer TOKEN. Whoever started the dashboard knows the token.
dashboard-refused-not-found = Nothing has this address.
dashboard-refused-too-many = As many viewers as the dashboard takes are there already: close one, or wait.
dashboard-refused-unreadable = The address cannot be read: it is to be percent-encoded UTF-8.
dashboard-refused-wrong-token = This is not the token of this dashboard. In a browser, open the address once with ?token=TOKEN at its end; whoever started the dashboard knows the token.

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
frame-no-report = There is no report of this run below the folder of reports. This makes one from the journal:
frame-command-report = Command that makes the report
frame-report = Open the report
frame-place = Scenario { $k } of { $n }: { $name }
frame-episode-of-scenario = Episode { $episode }: { $k } of { $n } in this scenario
frame-episode-of = Episode { $k } of { $n }
frame-episode-time = Episode { $k }: { $at } of { $end } in this scenario
frame-episode = Episode { $k }
frame-progress = How far it is
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

live-running = running
live-judging = over: the report is being made
live-fault = { $fault } { $target }
live-phase-starting = starting the users
live-phase-baseline = measuring the baseline
live-phase-in-effect = { $what } is in effect
live-phase-recovering = recovering from { $what }
live-phase-between = well: between two faults
live-phase-ending = reading back what was acknowledged
live-progress-waiting = waiting
live-progress-running = running
live-progress-done = done
live-lane-well = well
live-kpi-at-the-end = counted once the run is over
live-newer-schema = run { $run } was written by a later version (schema { $found }, this one knows { $known }): update goose-recovery
live-alert-missing = missing
live-alert-awaited = awaited

## what becomes of it


## the list of runs

runs-one-policy = the same restart policy
runs-no-policy = restart policy not told
runs-newer = its summary.json has schema version { $found }, and this goose-recovery reads up to { $supported }; update goose-recovery, or make the summary anew from its journal with `goose-recovery report`
runs-no-summary = its summary.json is none: { $detail }; make it anew from its journal with `goose-recovery report`
runs-not-read = its summary.json cannot be read: { $detail }; let goose-recovery read it, or remove it
runs-folder-closed = this folder cannot be looked into: { $detail }; let goose-recovery read it
runs-folder-is-report = this folder is itself the report of a run; name the folder above it with --reports
runs-folder-is-cut = there are more than { $folders } folders, and those that lie deepest were not looked into; name a smaller folder with --reports
runs-compare-too-few = a comparison needs at least two runs; choose another one
runs-compare-too-many = a comparison on this page takes at most { $most } runs; choose fewer, or use `goose-recovery compare`
runs-compare-twice = run { $run } stands there twice, and a run counts once; choose another one
runs-compare-no-such = there is no run { $id }; choose one of the list
runs-compare-differ = these runs do not measure the same: { $differences }
