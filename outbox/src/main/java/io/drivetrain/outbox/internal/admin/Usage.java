package io.drivetrain.outbox.internal.admin;

/** What {@link Command} can do, as it says itself. */
final class Usage {
  static final String TEXT =
      """
      Usage: java -jar drivetrain-outbox-<version>-runner.jar COMMAND --url URL --user USER [--schema SCHEMA]

      Commands
        parked [--topic T [KEY]] [--reason R] [--after ID] [--limit N]
                                 list parked rows; the first 100 unless --limit says more
        peek ID                  show one with its headers and value
        retry ID                 send one again
        retry --topic T [KEY]    send all of a topic or key again, in order, and unblock it
        park ID                  set a waiting row of a paused or stopped topic aside
        discard ID               delete one for good
        discard --topic T KEY    delete all of a key for good
        blocked                  list blocked keys
        unblock --topic T KEY    let a blocked key go on, in order
        scheduled [--topic T [KEY]] [--after ID] [--limit N]
                                 list events for later, the next one first
        cancel ID                delete an event for later for good
        cancel --topic T KEY     delete all events for later of a key for good
        deliver ID               deliver an event for later now
        pauses                   list what is paused or has stopped
        pause  --all | --topic T | --shard N  [--because TEXT]
        resume --all | --topic T | --shard N

      Options
        --url      for example jdbc:postgresql://localhost:5432/shop
        --user     the database role
        --schema   the schema that holds the tables; default drivetrain
        KEY        --key TEXT, or --key-hex BYTES for a key that is no text
        --reason   too-large, refused, no-such-partition, unreadable, behind-blocked, by-operator, other
        --limit    1 to 1000

      The password is read from the environment variable DRIVETRAIN_DB_PASSWORD.

      Exit codes: 0 done, 1 there was nothing to do it to, or it is not possible now,
      2 wrong usage, 3 the database cannot be used.
      """;

  private Usage() {}
}
