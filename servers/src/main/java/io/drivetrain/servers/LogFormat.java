package io.drivetrain.servers;

import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How one kind of server says in its log what became of applications.
 *
 * @param deployed finds where one was deployed; group 1 is its name
 * @param undeployed finds where one was undeployed; group 1 is its name
 * @param refused finds where one was refused; group 1 is its name
 * @param error whether a line is an error
 */
public record LogFormat(
    Pattern deployed, Pattern undeployed, Pattern refused, Predicate<String> error) {

  /** Whether a pattern finds the application's name. */
  static boolean names(Pattern pattern, String application, String messages) {
    Matcher matcher = pattern.matcher(messages);
    while (matcher.find()) {
      if (matcher.group(1).replaceAll("[.,]$", "").equals(application)) {
        return true;
      }
    }
    return false;
  }

  /** The lines that are errors. */
  String errors(String messages) {
    return messages.lines().filter(error).collect(Collectors.joining("\n"));
  }
}
