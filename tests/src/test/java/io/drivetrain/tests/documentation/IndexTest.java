package io.drivetrain.tests.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class IndexTest {
  private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)");

  @Test
  void every_page_is_in_the_index() throws IOException {
    Path docs = Repository.ROOT.resolve("docs");
    Set<String> linked =
        LINK.matcher(Repository.text("docs/README.md"))
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));

    Set<String> pages = new TreeSet<>();
    try (Stream<Path> files = Files.list(docs)) {
      files.forEach(
          file -> {
            String name = file.getFileName().toString();
            pages.add(Files.isDirectory(file) ? name + "/README.md" : name);
          });
    }
    pages.remove("README.md");

    assertThat(linked).containsAll(pages);
  }
}
