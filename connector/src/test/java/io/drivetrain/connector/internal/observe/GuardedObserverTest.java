package io.drivetrain.connector.internal.observe;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.Test;

class GuardedObserverTest {

  @Test
  void what_measures_cannot_harm_its_lane() {
    LaneObserver broken =
        (LaneObserver)
            Proxy.newProxyInstance(
                GuardedObserverTest.class.getClassLoader(),
                new Class<?>[] {LaneObserver.class},
                (proxy, method, arguments) -> {
                  throw new IllegalStateException("no more space");
                });
    LaneObserver guarded = LaneObserver.guarded(broken);

    assertThatCode(
            () -> {
              guarded.begin(null, null);
              guarded.beginBatch(null, List.of());
              guarded.end(0, null);
              guarded.abandoned();
              guarded.flush();
            })
        .doesNotThrowAnyException();
  }
}
