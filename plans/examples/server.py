"""server.py PORT: a small service, on loopback, that tells who it is."""

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Status line and body are two writes: without this the second waits for the peer's delayed acknowledgement.
    disable_nagle_algorithm = True

    def do_GET(self):
        known = self.path in ("/", "/healthz")
        body = json.dumps({"status": "ok" if known else "not found", "pid": os.getpid()}).encode()
        self.send_response(200 if known else 404)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Hundreds of lines a second would be of no use."""


class Server(ThreadingHTTPServer):
    # A restarted server finds its port held by the last one's connections, and many may come at a time.
    allow_reuse_address = True
    request_queue_size = 256
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Clients that go away in the middle of an answer are none of our business."""


if __name__ == "__main__":
    Server(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
