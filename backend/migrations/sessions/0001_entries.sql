-- The unique index covers counting and the search for the last sequence number without touching a payload.
CREATE TABLE entries (
    session TEXT NOT NULL,
    seq INTEGER NOT NULL,
    payload TEXT NOT NULL,
    checksum TEXT NOT NULL
);

CREATE UNIQUE INDEX entries_session_seq ON entries (session, seq);
