-- The events may be divided into up to 64 shards. Nodes of the version before this one can go on
-- while the new ones start: they hold, like everybody, the one shard there is until every living
-- node asks for another number.

-- Into how many shards the events are divided while this row is leased; in every row the same.
ALTER TABLE ${schema}.outbox_shard
  ADD COLUMN shards smallint NOT NULL DEFAULT 1 CHECK (shards BETWEEN 1 AND 64),
  -- The name under which Kafka fences a former owner's producer, with delivery=transactional. Each
  -- row draws its own, so that two databases never share one.
  ADD COLUMN transactional_id text NOT NULL DEFAULT 'drivetrain-outbox-' || gen_random_uuid();

-- How many shards the node asks for.
ALTER TABLE ${schema}.outbox_node
  ADD COLUMN shards smallint NOT NULL DEFAULT 1 CHECK (shards BETWEEN 1 AND 64);

INSERT INTO ${schema}.outbox_shard (shard) VALUES (0) ON CONFLICT DO NOTHING;
