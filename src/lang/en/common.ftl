# Said in many places.

verbatim = { $text }
not-observed = not observed
no-data = no data
