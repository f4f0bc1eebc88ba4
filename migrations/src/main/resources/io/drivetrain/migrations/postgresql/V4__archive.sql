-- An archive of what was sent, a partition for each day (UTC), for those who ask for it
-- (drivetrain.outbox.archive). Nodes of version 3 can go on while the new ones start; what they
-- send is not archived.

CREATE TABLE ${schema}.outbox_archive (
  sent_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  id          bigint      NOT NULL,                       -- the record's drivetrain-id
  created_at  timestamptz NOT NULL,
  bucket      smallint    NOT NULL,
  kpartition  int,
  ktimestamp  bigint,
  topic       text        NOT NULL,
  key         bytea,
  payload     bytea,
  headers     bytea
) PARTITION BY RANGE (sent_at);

-- Makes the partitions of today and the next week and drops those that are older than some days.
-- It runs with the rights of the tables' owner, so that the application's role needs no right to
-- create or drop anything. Inserts go on meanwhile; only a drop waits for them, for a second at
-- most, and is left for the next time if they do not end.
CREATE FUNCTION ${schema}.outbox_archive_days(keep int) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  SET lock_timeout = '1s'
  SET timezone = 'UTC'
AS $$
DECLARE
  today date := clock_timestamp()::date;
  day   date;
  part  text;
BEGIN
  -- One node at a time; does not conflict with inserts.
  LOCK TABLE ${schema}.outbox_archive IN SHARE UPDATE EXCLUSIVE MODE;
  FOR day IN SELECT generate_series(today, today + 7, interval '1 day') LOOP
    part := 'outbox_archive_' || to_char(day, 'YYYYMMDD');
    IF to_regclass('${schema}.' || part) IS NULL THEN
      EXECUTE format('CREATE TABLE ${schema}.%I (LIKE ${schema}.outbox_archive INCLUDING ALL)', part);
      EXECUTE format(
        'ALTER TABLE ${schema}.outbox_archive ATTACH PARTITION ${schema}.%I FOR VALUES FROM (%L) TO (%L)',
        part, day::timestamptz, (day + 1)::timestamptz);
    END IF;
  END LOOP;
  FOR part IN
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = '${schema}.outbox_archive'::regclass
      AND c.relname < 'outbox_archive_' || to_char(today - keep, 'YYYYMMDD')
    ORDER BY 1
  LOOP
    BEGIN
      EXECUTE format('DROP TABLE ${schema}.%I', part);
    EXCEPTION
      WHEN lock_not_available THEN
        RETURN;
    END;
  END LOOP;
END
$$;
REVOKE ALL ON FUNCTION ${schema}.outbox_archive_days(int) FROM PUBLIC;

-- As in version 1.
DO $$
BEGIN
  EXECUTE 'ALTER TABLE ${schema}.outbox_archive ALTER COLUMN payload SET COMPRESSION lz4';
EXCEPTION
  WHEN syntax_error OR feature_not_supported OR invalid_parameter_value THEN
    RAISE DEBUG 'lz4 is not available: %', SQLERRM;
END
$$;
