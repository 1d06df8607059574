-- What the cache holds of each session, kept in the same transaction as its entries. The checksum of a session that is
-- older than this table is unknown: the first resync computes it.
CREATE TABLE sessions (
    session TEXT NOT NULL PRIMARY KEY,
    count INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    checksum TEXT NOT NULL
) WITHOUT ROWID;

INSERT INTO sessions (session, count, last_seq, checksum)
SELECT session, count(*), max(seq), '' FROM entries GROUP BY session;
