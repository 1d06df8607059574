-- Everything is in a schema of its own: the database may be somebody's. "C" orders and compares bytes, whatever the
-- database's own collation is. The index holds what a resync adds up, so that it need not touch payloads.
CREATE TABLE fault_recovery_manager.entries (
    session text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    payload text COLLATE "C" NOT NULL,
    checksum text COLLATE "C" NOT NULL,
    PRIMARY KEY (session, seq) INCLUDE (checksum)
);

-- What the cache holds of each session, kept in the same transaction as its entries.
CREATE TABLE fault_recovery_manager.sessions (
    session text COLLATE "C" NOT NULL PRIMARY KEY,
    count bigint NOT NULL,
    last_seq bigint NOT NULL,
    checksum text COLLATE "C" NOT NULL
);
