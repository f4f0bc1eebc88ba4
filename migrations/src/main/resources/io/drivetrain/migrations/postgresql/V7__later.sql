-- Events for later are looked up by programs: by their ids, and by topic and key, when what they
-- remind of has happened. Nodes of earlier versions can go on.

CREATE INDEX outbox_later_id ON ${schema}.outbox_later (id);

-- By the hash of the key, because an index takes no long ones.
CREATE INDEX outbox_later_key ON ${schema}.outbox_later (topic, sha256(key), due_at, id);
