package io.drivetrain.tests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

class PomTest {
  /** What may be on the class path of a module's main classes, transitively or not. */
  private static final Map<String, Set<String>> MAIN =
      Map.ofEntries(
          Map.entry("schema", Set.of()),
          Map.entry("avro", Set.of("schema")),
          Map.entry("connector", Set.of("schema")),
          Map.entry("outbox", Set.of("schema")),
          Map.entry("migrations", Set.of("schema")),
          Map.entry("entity-sync", Set.of("outbox", "connector")),
          Map.entry("hibernate", Set.of("entity-sync")),
          Map.entry("testkit/broker", Set.of()),
          Map.entry("testkit/registry", Set.of()),
          Map.entry("testkit", Set.of("testkit-broker")),
          Map.entry("testkit-app", Set.of("testkit", "connector", "outbox")),
          Map.entry("archetype", Set.of()),
          // entity-sync for an application that runs on the servers under test only.
          Map.entry("servers", Set.of("testkit", "entity-sync")),
          Map.entry("openliberty", Set.of("servers", "sample-war")),
          Map.entry("wildfly", Set.of("servers", "sample-war")),
          Map.entry("tests", Set.of()));

  /** From a module's directory to "scope artifact" of each of our own artifacts it depends on. */
  private static final Map<String, List<String>> DEPENDENCIES = new TreeMap<>();

  @BeforeAll
  static void readPoms() throws Exception {
    for (String module : values(parse("pom.xml"), "/project/modules/module")) {
      DEPENDENCIES.put(module, ownDependencies(parse(module + "/pom.xml")));
    }
  }

  @Test
  void each_module_depends_on_those_of_the_drawing_and_no_other() {
    MAIN.forEach(
        (module, expected) -> {
          Set<String> actual = new TreeSet<>();
          for (String dependency : DEPENDENCIES.get(module)) {
            if (!dependency.startsWith("test ")) {
              actual.add(dependency.substring(dependency.indexOf(' ') + 1));
            }
          }
          assertThat(actual).as(module).isEqualTo(expected);
        });
  }

  @Test
  void nothing_points_at_the_sample_but_the_servers_that_run_it() {
    assertThat(dependants("sample-war")).isSubsetOf("openliberty", "wildfly");
  }

  @Test
  void nothing_points_at_the_servers_but_the_tests_and_nothing_at_these() {
    assertThat(dependants("servers")).isSubsetOf("openliberty", "wildfly");
    assertThat(dependants("openliberty")).isSubsetOf("tests");
    assertThat(dependants("wildfly")).isSubsetOf("tests");
    assertThat(dependants("tests")).isEmpty();
  }

  private static Set<String> dependants(String artifact) {
    Set<String> dependants = new TreeSet<>();
    DEPENDENCIES.forEach(
        (module, dependencies) -> {
          if (dependencies.stream().anyMatch(dependency -> dependency.endsWith(" " + artifact))) {
            dependants.add(module);
          }
        });
    return dependants;
  }

  private static List<String> ownDependencies(Document pom) throws Exception {
    String own = "//dependencies/dependency[groupId='io.drivetrain']";
    List<String> found = new ArrayList<>();
    NodeList dependencies = (NodeList) xpath().evaluate(own, pom, XPathConstants.NODESET);
    for (int i = 0; i < dependencies.getLength(); i++) {
      String artifact = xpath().evaluate("artifactId", dependencies.item(i));
      String scope = xpath().evaluate("scope", dependencies.item(i));
      found.add((scope.isEmpty() ? "compile" : scope) + " " + artifact.replace("drivetrain-", ""));
    }
    return found;
  }

  private static List<String> values(Document document, String expression) throws Exception {
    NodeList nodes = (NodeList) xpath().evaluate(expression, document, XPathConstants.NODESET);
    List<String> values = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      values.add(nodes.item(i).getTextContent());
    }
    return values;
  }

  private static Document parse(String pom) throws Exception {
    Path file = Modules.ROOT.resolve(pom);
    return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
  }

  private static XPath xpath() {
    return XPathFactory.newInstance().newXPath();
  }
}
