package io.drivetrain.entitysync.internal.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.entitysync.shop.Parcel;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

class ScanSettingsTest {
  private static final String POLLER = "drivetrain.entity-sync.pollers.p.";
  private static final Map<String, String> BY_TIME =
      Map.of(POLLER + "entity", "Parcel", POLLER + "timestamp", "changed");

  @Test
  void defaults_are_as_documented() {
    ScanSettings settings = read(BY_TIME);

    assertThat(settings.enabled()).isTrue();
    assertThat(settings.backfillBatch()).isEqualTo(200);
    assertThat(settings.backfillPerSecond()).isEqualTo(1_000);
    assertThat(settings.backfillSkips()).isFalse();
    PollerSettings poller = settings.pollers().get(0);
    assertThat(poller.every()).isEqualTo(Duration.ofSeconds(10));
    assertThat(poller.time().lag()).isEqualTo(Duration.ofSeconds(2));
    assertThat(poller.time().fromNow()).isFalse();
    assertThat(poller.time().fullTable()).isFalse();
  }

  @Test
  void wrong_ones_are_refused_with_what_is_allowed() {
    refused(POLLER + "evry", "1s").hasMessageContaining("did you mean every?");
    refused("drivetrain.entity-sync.backfill.batch-sise", "1").hasMessageContaining("did you mean");
    refused(POLLER + "every", "1ms").hasMessageContaining("at least PT0.1S");
    refused(POLLER + "entity", "Parcl").hasMessageContaining("expected one of Parcel");
    refused(POLLER + "timestamp", "chnged").hasMessageContaining("did you mean changed?");
    refused(POLLER + "timestamp", "name").hasMessageContaining("of a type among Instant");
    refused(POLLER + "state", "state").hasMessageContaining("one of them, and not both");
    refused(POLLER + "from", "yesterday").hasMessageContaining("one of beginning, now");
    assertThatThrownBy(
            () ->
                read(
                    Map.of(
                        POLLER + "entity", "Parcel",
                        POLLER + "state", "state",
                        POLLER + "pending", "NEW",
                        POLLER + "published", "GONE")))
        .hasMessageContaining(POLLER + "published is 'GONE'; expected a value of state");
    assertThatThrownBy(
            () ->
                read(
                    Map.of(
                        POLLER + "entity", "Parcel",
                        POLLER + "state", "state",
                        POLLER + "pending", "NEW",
                        POLLER + "published", "SENT",
                        POLLER + "on-invalid", "skip")))
        .hasMessageContaining("expected stop, or " + POLLER + "failed beside it");
  }

  private static AbstractThrowableAssert<?, ?> refused(String key, String value) {
    Map<String, String> values = new HashMap<>(BY_TIME);
    values.put(key, value);
    return assertThatThrownBy(() -> read(values));
  }

  private static ScanSettings read(Map<String, String> values) {
    return ScanSettings.of(StoredShop.settings(values), List.of(Parcel.class));
  }
}
