# The web page.

## the frame


## the run that goes on


## what becomes of it


## the list of runs


