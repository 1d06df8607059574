"""app.py PORT SENTINEL_PORT...: R-v0.2's session API over a Redis that Sentinel watches.

An entry is acknowledged as soon as the primary has taken it. Redis replicates asynchronously, so an entry that was
acknowledged may not have reached the replica that is promoted next: what becomes of it is for the reader to find out.

The client asks Sentinel for the primary whenever it connects. It does not retry: what users see is how fast the system
recovers, and not how patient its client is.
"""

import json
import re
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from redis.sentinel import Sentinel

PORT, SENTINELS = int(sys.argv[1]), [("127.0.0.1", int(port)) for port in sys.argv[2:]]
# As long as redis-py waits by default. A Sentinel that does not answer is passed over sooner.
PATIENCE_S, SENTINEL_PATIENCE_S = 5, 0.5

once = Retry(NoBackoff(), 0)
sentinel = Sentinel(SENTINELS, sentinel_kwargs={"socket_timeout": SENTINEL_PATIENCE_S, "retry": once})
# More connections than requests can wait for a primary that hangs: redis-py would refuse the 101st, and with it those who
# ask Sentinel anew.
options = {"socket_timeout": PATIENCE_S, "retry": once, "max_connections": 5_000, "decode_responses": True}
primary = sentinel.master_for("primary", **options)

SESSION = re.compile(r"/api/sessions/([\w.-]+)/(entries|analysis)$")


def append(session, entry):
    """Idempotent: the same number with the same content is the same member of the set."""
    member = f"{int(entry['seq']):020}:{json.dumps(entry['payload'])}"
    primary.zadd(f"session:{session}", {member: entry["seq"]})
    return {"seq": entry["seq"]}


def entries(session, after, limit):
    found = primary.zrangebyscore(f"session:{session}", f"({after}", "+inf", start=0, num=limit)
    split = (member.split(":", 1) for member in found)
    return {"entries": [{"seq": int(seq), "payload": json.loads(payload)} for seq, payload in split]}


def analysis(session):
    """Leaves a note of itself: whoever asks for it sees whether the primary takes writes, and not only whether it reads."""
    primary.set(f"analysed:{session}", time.time_ns())
    return {"count": primary.zcard(f"session:{session}")}


def health():
    primary.set("health", time.time_ns())
    return {"status": "ok"}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Status line and body are two writes: without this the second waits for the peer's delayed acknowledgement.
    disable_nagle_algorithm = True

    def do_GET(self):
        url = urlsplit(self.path)
        query = parse_qs(url.query)
        session = SESSION.match(url.path)
        if session and session[2] == "entries":
            after, limit = (int(query.get(name, [default])[0]) for name, default in (("after", 0), ("limit", 100)))
            self.answer(lambda: entries(session[1], after, limit))
        elif session:
            self.answer(lambda: analysis(session[1]))
        elif url.path == "/api/system/health":
            self.answer(health)
        elif url.path == "/api/system/metrics":
            self.answer(lambda: {"primary": ":".join(map(str, sentinel.discover_master("primary")))})
        else:
            self.send(404, {"detail": "not found"})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        session = SESSION.match(self.path)
        if session and session[2] == "entries":
            self.answer(lambda: append(session[1], json.loads(body)))
        else:
            self.send(404, {"detail": "not found"})

    def answer(self, ask):
        try:
            self.send(200, ask())
        except RedisError as error:
            self.send(503, {"status": "unavailable", "detail": str(error)})

    def send(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *args):
        """Hundreds of lines a second would be of no use."""


class Server(ThreadingHTTPServer):
    request_queue_size = 256
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Clients that go away in the middle of an answer are none of our business."""


Server(("127.0.0.1", PORT), Handler).serve_forever()
