package io.drivetrain.openliberty;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.servers.ShopServer;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.testkit.UsePostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.support.ui.Select;

/** The page in a real browser. Pictures of it are left in {@code target/page}. */
@UseKafka(own = true)
@UsePostgres
class PageTest {
  private static final By PAUSED =
      By.cssSelector("[data-channel='billing'] .partition[data-state='paused']");

  private static ChromeDriver browser;
  private static ShopServer server;

  @BeforeAll
  static void start(KafkaBroker broker, Postgres postgres) {
    browser = Browser.open();
    server = Servers.with(PageTest.class, broker, postgres, postgres.createDatabase());
    server.start();
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.quit();
    }
    if (server != null) {
      server.close();
    }
  }

  @AfterEach
  void heal() {
    server.shop().healBilling("carol");
  }

  @BeforeEach
  void open_the_page_as_on_a_desk() {
    width(1400, 1200);
    // What an earlier test provoked, such as a refused order, is none of this one's business.
    browser.manage().logs().get("browser");
    browser.get(server.process().uri().toString());
    eventually(
        () -> {
          assertThat(text(By.id("health"))).isEqualTo("All channels running");
          assertThat(browser.findElements(By.cssSelector("#customers li"))).hasSizeGreaterThan(5);
        });
  }

  @Test
  void an_order_is_placed_and_followed_to_its_bill() {
    long order = placeOrder("anna");

    By row = By.cssSelector("#orders tr[data-order='" + order + "']");
    eventually(
        () -> assertThat(text(row)).contains("anna", "1 × lamp", "reserved").contains("No. "));
    eventually(() -> assertThat(text(By.id("events"))).contains("order " + order + ": 1 × lamp"));
    picture("desk");
  }

  @Test
  void a_broken_customer_pauses_one_partition_counts_down_and_heals() {
    click(By.cssSelector("[data-customer='carol'] .toggle"));
    eventually(
        () ->
            assertThat(text(By.cssSelector("[data-customer='carol'] .toggle"))).isEqualTo("Heal"));
    List<Object> layout = layout();
    long order = placeOrder("carol");

    Set<String> attempts = new TreeSet<>();
    eventually(
        () -> {
          List<WebElement> paused = browser.findElements(PAUSED);
          assertThat(paused).hasSize(1);
          attempts.add(paused.get(0).findElement(By.className("attempt")).getText());
          assertThat(paused.get(0).findElement(By.className("resumption")).getText())
              .matches("in \\d+ s|retrying");
          assertThat(attempts).hasSizeGreaterThanOrEqualTo(3);
        });
    assertThat(attempts).allMatch(attempt -> attempt.matches("attempt \\d+"));
    assertThat(text(By.id("health"))).isEqualTo("1 partition paused");
    assertThat(text(By.cssSelector("[data-channel='billing'] .reason")))
        .contains("billing is broken for customer carol");
    By row = By.cssSelector("#orders tr[data-order='" + order + "']");
    assertThat(text(row)).contains("held up");
    assertThat(layout()).as("places of the page's sections").isEqualTo(layout);
    picture("desk-paused");
    width(360, 740);
    picture("phone-paused");
    width(1400, 1200);

    click(By.cssSelector("[data-customer='carol'] .toggle"));

    eventually(() -> assertThat(browser.findElements(PAUSED)).isEmpty());
    eventually(() -> assertThat(text(row)).contains("No. "));
    eventually(() -> assertThat(text(By.id("health"))).isEqualTo("All channels running"));
  }

  @Test
  void customers_are_added_and_deleted_and_their_text_stays_text() {
    fill("id", "hugo");
    fill("name", "<b>Hugo</b> & Co");
    fill("city", "Hamar");
    click(By.id("add-customer"));

    By hugo = By.cssSelector("#customers [data-customer='hugo']");
    eventually(() -> assertThat(text(hugo)).contains("<b>Hugo</b> & Co", "Hamar"));

    click(By.cssSelector("[data-customer='hugo'] .delete"));

    eventually(() -> assertThat(browser.findElements(hugo)).isEmpty());
  }

  @Test
  void a_refusal_is_shown_as_a_sentence() {
    browser.executeScript("document.querySelector('[name=quantity]').removeAttribute('max')");
    WebElement quantity = browser.findElement(By.name("quantity"));
    quantity.clear();
    quantity.sendKeys("101");
    click(By.id("place-order"));

    eventually(
        () -> assertThat(text(By.id("notice"))).isEqualTo("quantity is 101; expected 1 to 100"));
  }

  @Test
  void at_the_width_of_a_phone_nothing_scrolls_sideways() {
    click(By.id("order-for-all"));
    for (int width : new int[] {360, 500, 768, 1024}) {
      width(width, 740);
      assertThat(number("return document.documentElement.scrollWidth"))
          .as("width of the page at " + width)
          .isLessThanOrEqualTo(width);
    }
    width(360, 740);
    picture("phone");
  }

  @Test
  void every_control_has_a_name_and_nothing_failed_to_load() {
    assertThat(
            number(
                "return [...document.querySelectorAll('input, select, button')].filter(e =>"
                    + " !(e.getAttribute('aria-label') || e.textContent.trim() ||"
                    + " e.labels?.length)).length"))
        .as("controls without a name")
        .isZero();
    assertThat(browser.manage().logs().get("browser").getAll()).isEmpty();
  }

  private static long placeOrder(String customer) {
    new Select(browser.findElement(By.id("order-customer"))).selectByValue(customer);
    new Select(browser.findElement(By.id("order-item"))).selectByValue("lamp");
    click(By.id("place-order"));
    String[] number = new String[1];
    eventually(
        () -> {
          String notice = text(By.id("notice"));
          assertThat(notice).matches("Order \\d+: 1 × lamp for " + customer + "\\.");
          number[0] = notice.replaceAll("Order (\\d+):.*", "$1");
        });
    return Long.parseLong(number[0]);
  }

  private static void fill(String name, String text) {
    browser.findElement(By.cssSelector("#customer-form [name='" + name + "']")).sendKeys(text);
  }

  private static void click(By what) {
    browser.findElement(what).click();
  }

  /** The text of an element, also while the page replaces it. */
  private static String text(By what) {
    try {
      return browser.findElement(what).getText();
    } catch (StaleElementReferenceException e) {
      return browser.findElement(what).getText();
    }
  }

  private static long number(String script) {
    return ((Number) browser.executeScript(script)).longValue();
  }

  @SuppressWarnings("unchecked")
  private static List<Object> layout() {
    return (List<Object>)
        browser.executeScript(
            "return [...document.querySelectorAll('section, .channel, .partition')].map(e => {"
                + " const r = e.getBoundingClientRect();"
                + " return [r.x, r.y, r.width, r.height].map(Math.round).join(' ') });");
  }

  private static void width(int width, int height) {
    browser.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
  }

  private static void picture(String name) {
    try {
      Path directory = Path.of(System.getProperty(Installation.BUILD_DIRECTORY), "page");
      Files.createDirectories(directory);
      Files.write(directory.resolve(name + ".png"), browser.getScreenshotAs(OutputType.BYTES));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
