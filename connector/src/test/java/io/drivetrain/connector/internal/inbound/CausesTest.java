package io.drivetrain.connector.internal.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class CausesTest {
  private final RuntimeException real =
      new IllegalStateException("boom", new RuntimeException("its own cause"));

  @Test
  void wrapping_by_runtimes_and_reflection_is_taken_off() {
    assertThat(Causes.userFailure(new CompletionException(new InvocationTargetException(real))))
        .isSameAs(real);
  }

  @Test
  void what_the_method_itself_wrapped_stays() {
    assertThat(Causes.userFailure(real)).isSameAs(real);
  }
}
