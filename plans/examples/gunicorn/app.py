"""The smallest service that is worth restarting."""

import json
import os


def application(environ, start_response):
    # What /basket holds is what the goose test in examples/load_test_recovery.rs looks for.
    pages = {"/": {}, "/healthz": {}, "/basket": {"basket": ["apples"]}}
    if environ["PATH_INFO"] not in pages:
        start_response("404 Not Found", [("content-type", "text/plain")])
        return [b"not found\n"]
    body = json.dumps({"status": "ok", "worker": os.getpid(), **pages[environ["PATH_INFO"]]}).encode()
    start_response("200 OK", [("content-type", "application/json"), ("content-length", str(len(body)))])
    return [body]
