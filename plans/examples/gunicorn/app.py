"""The smallest service that is worth restarting."""

import json
import os


def application(environ, start_response):
    if environ["PATH_INFO"] not in ("/", "/healthz"):
        start_response("404 Not Found", [("content-type", "text/plain")])
        return [b"not found\n"]
    body = json.dumps({"status": "ok", "worker": os.getpid()}).encode()
    start_response("200 OK", [("content-type", "application/json"), ("content-length", str(len(body)))])
    return [body]
