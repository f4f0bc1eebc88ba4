-- What the application's role needs, and no more. Run it as the owner of the tables, after the
-- migrations and after every upgrade. ${schema} is the schema's name, ${role} the role's.

GRANT USAGE ON SCHEMA ${schema} TO ${role};

-- Publishing and draining.
GRANT SELECT, INSERT, DELETE ON ${schema}.outbox TO ${role};
GRANT SELECT, INSERT, DELETE ON ${schema}.outbox_later TO ${role};

-- Parked events, blocked keys, pauses. UPDATE because a row is locked before it is sent again.
GRANT SELECT, INSERT, UPDATE, DELETE ON ${schema}.outbox_dead TO ${role};
GRANT SELECT, INSERT, DELETE ON ${schema}.outbox_blocked TO ${role};
GRANT SELECT, INSERT, DELETE ON ${schema}.outbox_pause TO ${role};

-- Who drains what.
GRANT SELECT, INSERT, UPDATE ON ${schema}.outbox_shard TO ${role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ${schema}.outbox_node TO ${role};

-- May be left out: for consumers with exactly-once=true, and for those with a guard.
GRANT SELECT, INSERT, UPDATE ON ${schema}.inbox_offset TO ${role};
GRANT SELECT, INSERT, UPDATE ON ${schema}.entity_tombstone TO ${role};

-- May be left out: it keeps reads shortest while a backup or a long report is running.
GRANT SELECT ON SEQUENCE ${schema}.outbox_id_seq TO ${role};

-- May be left out: for drivetrain.outbox.archive=true.
GRANT INSERT ON ${schema}.outbox_archive TO ${role};
GRANT EXECUTE ON FUNCTION ${schema}.outbox_archive_days(int) TO ${role};

-- May be left out: drivetrain.migrations.at-start=validate reads it. Not there without Flyway.
DO $$
BEGIN
  IF to_regclass('${schema}.flyway_schema_history') IS NOT NULL THEN
    GRANT SELECT ON ${schema}.flyway_schema_history TO ${role};
  END IF;
END
$$;
