# The page index.html.
