CREATE TABLE alerts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    idempotency_key TEXT NOT NULL UNIQUE,
    severity TEXT NOT NULL,
    kind TEXT NOT NULL,
    module TEXT NOT NULL,
    message TEXT NOT NULL,
    at_us INTEGER NOT NULL
);

-- One row per alert and webhook. The webhook is known by a hash: its path may carry a secret.
CREATE TABLE deliveries (
    alert_id INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    webhook TEXT NOT NULL,
    label TEXT NOT NULL,
    module TEXT NOT NULL,
    delivered INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    last_error TEXT,
    PRIMARY KEY (alert_id, webhook)
) WITHOUT ROWID;

CREATE INDEX deliveries_pending ON deliveries (webhook, module, alert_id) WHERE delivered = 0;
