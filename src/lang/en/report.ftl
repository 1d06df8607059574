# Words that every form of the report uses.

verdict-pass = pass
verdict-fail = fail
verdict-inconclusive = inconclusive

headline-pass = the system healed itself within every pass line
headline-fail = a pass line was missed
headline-inconclusive = the data do not decide

kpi-auto_recovery_rate = Automatic recovery rate
kpi-state_resync_rate = State resync rate
kpi-mean_recovery_time = Mean recovery time
kpi-missed_alerts = Missed alerts

kpi-auto_recovery_rate-definition = episodes that recovered with nothing but the system itself acting ÷ decided episodes; a chain of faults counts as one
kpi-state_resync_rate-definition = store episodes after which the state was whole again by itself and in time, with no acknowledged entry lost or changed ÷ store episodes
kpi-mean_recovery_time-definition = mean time from the start of the fault's effect until users were served as before
kpi-missed_alerts-definition = expected alerts that did not come by their deadline

outcome-recovered = recovered
outcome-censored = censored
outcome-void = void
outcome-aborted = aborted

outcome-recovered-meaning = reached the state before the fault, and held it
outcome-censored-meaning = not recovered by the deadline: counts as a failure
outcome-void-meaning = the fault had no confirmed effect: reported, never a success
outcome-aborted-meaning = interrupted before it was decided: outside every rate

run-completed = completed
run-interrupted = interrupted
run-aborted = aborted by a guardrail
run-failed = ended by an error of the harness

role-matched = expected, in time
role-late = expected, late
role-duplicate = duplicate
role-collateral = collateral
role-false = false alarm

phase-detect = detect
phase-restart = restart
phase-ready = ready
phase-restore = restore
phase-recover = recover

phase-detect-meaning = fault took effect → detected
phase-restart-meaning = detected → restarted
phase-ready-meaning = restarted → ready
phase-restore-meaning = ready → state restored
phase-recover-meaning = last of these → users served as before

phase-detect-of-stores = fault took effect → the backend noticed
phase-restart-of-stores = noticed → the store accepts again: the outage that the harness makes and ends
phase-ready-of-stores = accepts again → the backend sees it answer
phase-restore-of-stores = answers → state restored
phase-recover-of-stores = last of these → users served as before
