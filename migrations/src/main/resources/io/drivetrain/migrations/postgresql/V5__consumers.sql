-- Entity consumers: positions that are written with their effects, and versions of what was
-- removed. Nodes of version 4 use neither table.

-- Who may write the position: the number of the last claim. Each assignment of the partition claims
-- anew, so that a node which lost it without knowing cannot write any more.
ALTER TABLE ${schema}.inbox_offset ADD COLUMN epoch bigint NOT NULL DEFAULT 0;

-- How new the tombstones of removed entities were, for consumers with a guard. Old rows may be
-- deleted at any time: a record older than they are then brings its entity back.
CREATE TABLE ${schema}.entity_tombstone (
  entity     text        NOT NULL,                        -- the class
  key        text        NOT NULL,
  version    bigint      NOT NULL,
  removed_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT entity_tombstone_pk PRIMARY KEY (entity, key)
);
