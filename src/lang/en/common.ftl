# Said in many places.

verbatim = { $text }
not-observed = not observed
no-data = no data

## names of things

term-abort-when = ends early when
term-canary = canary
term-chain = chain
term-colon = { ": " }
term-episode = episode
term-episode-number = #
term-fault = fault
term-interval = 95 % interval
term-loss-rate = SessionLog loss rate
term-outcome = outcome
term-pass-line = pass line
term-run = run
term-scenario = scenario
term-seed = seed
term-since-fault = time since the fault took effect (t0)
term-started = started
term-target = target
term-time-to-resync = time to resync
term-verdict = verdict
