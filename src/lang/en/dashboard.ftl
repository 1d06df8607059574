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


