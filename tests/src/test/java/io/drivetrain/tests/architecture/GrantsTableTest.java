package io.drivetrain.tests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page for DBAs lists the rights that the shipped SQL file gives. */
class GrantsTableTest {
  private static final Pattern GRANT =
      Pattern.compile(
          "GRANT ([A-Z, ]+) ON (?:SCHEMA |SEQUENCE |FUNCTION )?\\$\\{schema}\\.?(\\w*)\\S* TO");
  private static final Pattern ROW =
      Pattern.compile(
          "\\| (?:the schema|(?:sequence |function )?(`\\w+`(?:, `\\w+`)*)) \\| `([A-Z, ]+)`.*");

  @Test
  void every_right_is_in_the_table_and_no_other() throws IOException {
    Map<String, String> granted = new TreeMap<>();
    Matcher grant =
        GRANT.matcher(
            Files.readString(
                Modules.ROOT.resolve(
                    "migrations/src/main/resources/io/drivetrain/migrations/postgresql/grants.sql")));
    while (grant.find()) {
      granted.put(grant.group(2), grant.group(1));
    }

    Map<String, String> documented = new TreeMap<>();
    for (String line : Files.readAllLines(Modules.ROOT.resolve("docs/migrations.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        String names = row.group(1) == null ? "" : row.group(1).replaceAll("[` ]", "");
        for (String name : names.split(",")) {
          documented.put(name, row.group(2));
        }
      }
    }

    assertThat(granted).hasSizeGreaterThan(5);
    assertThat(documented).isEqualTo(granted);
  }
}
