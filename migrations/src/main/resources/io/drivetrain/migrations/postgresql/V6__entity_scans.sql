-- How far backfills and pollers of entities have come. Nodes of earlier versions can go on while the
-- new ones start; they know nothing of scans.

-- A node locks a row while it works on it. The position moves in the transaction that publishes, so
-- a crash loses nothing and repeats nothing.
CREATE TABLE ${schema}.entity_scan (
  kind        text        NOT NULL CHECK (kind IN ('backfill', 'poller')),
  name        text        NOT NULL,
  entity      text        NOT NULL,                                 -- class name
  condition   text,                                                 -- JPQL; null: every row
  per_second  int         NOT NULL DEFAULT 0,                       -- 0: as fast as it goes
  position    text,                                                 -- JSON; null: the beginning
  published   bigint      NOT NULL DEFAULT 0,
  expected    bigint,                                               -- rows counted at the beginning
  problem     text,                                                 -- why it stands still
  next_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  started_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  moved_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz,
  CONSTRAINT entity_scan_pk PRIMARY KEY (kind, name)
);
