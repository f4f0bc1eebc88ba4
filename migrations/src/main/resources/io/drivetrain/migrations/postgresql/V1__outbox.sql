-- The tables of the Drivetrain outbox. PostgreSQL 13 or newer. ${schema} is the schema's name.

-- Events on their way to Kafka. A row is inserted by the transaction that publishes it, read in
-- order of id and deleted once Kafka has acknowledged it; it is never updated. CACHE 1 and the
-- identity drawn at INSERT are what makes the order of ids the order of commits per key.
CREATE TABLE ${schema}.outbox (
  id          bigint      GENERATED ALWAYS AS IDENTITY (CACHE 1),
  created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  bucket      smallint    NOT NULL CHECK (bucket BETWEEN 0 AND 63), -- hash of topic and key
  kpartition  int,                                                  -- null: the key decides
  ktimestamp  bigint,                       -- milliseconds since the epoch; null: time of sending
  topic       text        NOT NULL,
  key         bytea,
  payload     bytea,                                                -- null: a tombstone
  headers     bytea,                                                -- length-prefixed pairs
  CONSTRAINT outbox_pk PRIMARY KEY (id) WITH (fillfactor = 100)
) WITH (
  fillfactor = 100,
  toast_tuple_target = 8160,
  -- A queue is vacuumed by absolute numbers: a share of a table that is mostly empty never fits.
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 20000,
  autovacuum_vacuum_insert_scale_factor = 0,
  autovacuum_vacuum_insert_threshold = 1000000,
  autovacuum_analyze_scale_factor = 0,
  autovacuum_analyze_threshold = 1000000,
  autovacuum_vacuum_cost_delay = 0,
  -- Truncating the tail takes an exclusive lock each time the queue runs empty.
  vacuum_truncate = false,
  toast.autovacuum_vacuum_scale_factor = 0,
  toast.autovacuum_vacuum_threshold = 20000,
  toast.vacuum_truncate = false
);

-- Events Kafka refused for good, with the reason, until an operator retries or discards them.
CREATE TABLE ${schema}.outbox_dead (
  id          bigint      PRIMARY KEY,
  parked_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  reason      smallint    NOT NULL,
  error       text,
  attempts    int         NOT NULL DEFAULT 0,
  created_at  timestamptz NOT NULL,
  bucket      smallint    NOT NULL,
  kpartition  int,
  ktimestamp  bigint,
  topic       text        NOT NULL,
  key         bytea,
  payload     bytea,
  headers     bytea
);
CREATE INDEX outbox_dead_key ON ${schema}.outbox_dead (topic, key, id);

-- Events for later, moved into the outbox when they are due.
CREATE TABLE ${schema}.outbox_later (
  due_at      timestamptz NOT NULL,
  id          bigint      GENERATED ALWAYS AS IDENTITY (CACHE 1),
  created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  bucket      smallint    NOT NULL CHECK (bucket BETWEEN 0 AND 63),
  kpartition  int,
  ktimestamp  bigint,
  topic       text        NOT NULL,
  key         bytea,
  payload     bytea,
  headers     bytea,
  CONSTRAINT outbox_later_pk PRIMARY KEY (due_at, id)
);

-- Who drains which shard, by the database's clock. The epoch grows with each change of owner.
CREATE TABLE ${schema}.outbox_shard (
  shard       smallint    PRIMARY KEY,
  owner       text,
  epoch       bigint      NOT NULL DEFAULT 0,
  lease_until timestamptz NOT NULL DEFAULT '-infinity'
);

-- The nodes that take part, for sharing the shards among them.
CREATE TABLE ${schema}.outbox_node (
  node        text        PRIMARY KEY,
  seen_at     timestamptz NOT NULL,
  info        text
);

-- How far a consumer group has come, written in the transaction that applied the records.
CREATE TABLE ${schema}.inbox_offset (
  grp          text       NOT NULL,
  topic        text       NOT NULL,
  partition    int        NOT NULL,
  next_offset  bigint     NOT NULL,
  leader_epoch int,
  CONSTRAINT inbox_offset_pk PRIMARY KEY (grp, topic, partition)
);

-- lz4 is several times faster than the default compression of large values, but PostgreSQL 13 does
-- not know the setting and a server may be built without it; then the default stays.
DO $$
BEGIN
  EXECUTE 'ALTER TABLE ${schema}.outbox ALTER COLUMN payload SET COMPRESSION lz4';
  EXECUTE 'ALTER TABLE ${schema}.outbox_dead ALTER COLUMN payload SET COMPRESSION lz4';
  EXECUTE 'ALTER TABLE ${schema}.outbox_later ALTER COLUMN payload SET COMPRESSION lz4';
EXCEPTION
  WHEN syntax_error OR feature_not_supported OR invalid_parameter_value THEN
    RAISE DEBUG 'lz4 is not available: %', SQLERRM;
END
$$;
