# The web page.

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
