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
