-- What operators and policies ask for: rows that are sent again count their attempts on, topics and
-- shards are paused, keys are blocked. Nodes of version 2 can go on while the new ones start; they
-- know nothing of pauses and blocked keys.

-- How often the event was parked before it was sent again; null for never, which takes no room.
ALTER TABLE ${schema}.outbox ADD COLUMN attempts int;

-- By the hash of the key, because an index takes no long ones: such a row could not be parked.
DROP INDEX ${schema}.outbox_dead_key;
CREATE INDEX outbox_dead_key ON ${schema}.outbox_dead (topic, sha256(key), id);

-- What is not drained until somebody resumes it. By buckets, so that it outlasts another number of
-- shards.
CREATE TABLE ${schema}.outbox_pause (
  topic        text        NOT NULL,                                 -- empty: every topic
  first_bucket smallint    NOT NULL CHECK (first_bucket >= 0),
  last_bucket  smallint    NOT NULL CHECK (last_bucket BETWEEN first_bucket AND 63),
  paused_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  stopped_at   bigint,              -- the row that made its topic stop; null: paused by an operator
  reason       text,
  CONSTRAINT outbox_pause_pk PRIMARY KEY (topic, first_bucket, last_bucket)
);

-- Keys whose events are all parked, behind one that Kafka refused, until they are unblocked.
CREATE TABLE ${schema}.outbox_blocked (
  topic        text        NOT NULL,
  key          bytea       NOT NULL,
  key_hash     bytea       GENERATED ALWAYS AS (sha256(key)) STORED,
  bucket       smallint    NOT NULL CHECK (bucket BETWEEN 0 AND 63),
  blocked_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  row_id       bigint      NOT NULL,                                 -- the row that was refused
  CONSTRAINT outbox_blocked_pk PRIMARY KEY (topic, key_hash)
);
