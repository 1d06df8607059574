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


## what becomes of it


## the list of runs


