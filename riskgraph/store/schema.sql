-- The embedded store, format 1. What each table holds stands above it; riskgraph/store/sqlite.py is its only reader.

PRAGMA application_id = 1381190471;

-- format: the version of this layout. graph_id: the graph's identity. register: the header, as JSON.
CREATE TABLE meta (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- Every write, oldest first, as JSON; digest seals the body, the body names the digest before it.
CREATE TABLE revision (
    number INTEGER NOT NULL PRIMARY KEY CHECK (number > 0),
    digest TEXT NOT NULL UNIQUE,
    body   TEXT NOT NULL
);

CREATE TRIGGER revision_is_not_changed BEFORE UPDATE ON revision
BEGIN
    SELECT RAISE(ABORT, 'revisions are only ever appended');
END;

CREATE TRIGGER revision_is_not_removed BEFORE DELETE ON revision
BEGIN
    SELECT RAISE(ABORT, 'revisions are only ever appended');
END;

-- The graph of today: what replaying every revision gives. data: JSON without the ids.
CREATE TABLE node (
    id   TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('risk', 'mitigation', 'indicator', 'incident', 'action')),
    data TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE edge (
    kind  TEXT NOT NULL CHECK (kind IN ('cascade', 'mitigates', 'watches', 'implements')),
    start TEXT NOT NULL REFERENCES node (id) DEFERRABLE INITIALLY DEFERRED,
    "end" TEXT NOT NULL REFERENCES node (id) DEFERRABLE INITIALLY DEFERRED,
    data  TEXT NOT NULL,
    PRIMARY KEY (kind, start, "end")
) WITHOUT ROWID;

CREATE INDEX edge_from ON edge (start);
CREATE INDEX edge_to ON edge ("end");

-- A mitigation on a cascade: the one edge whose end is an edge.
CREATE TABLE block (
    mitigation TEXT NOT NULL REFERENCES node (id) DEFERRABLE INITIALLY DEFERRED,
    blocked    TEXT NOT NULL DEFAULT 'cascade' CHECK (blocked = 'cascade'),
    start      TEXT NOT NULL,
    "end"      TEXT NOT NULL,
    data       TEXT NOT NULL,
    PRIMARY KEY (mitigation, start, "end"),
    FOREIGN KEY (blocked, start, "end") REFERENCES edge (kind, start, "end") DEFERRABLE INITIALLY DEFERRED
) WITHOUT ROWID;

CREATE INDEX block_on ON block (start, "end");
