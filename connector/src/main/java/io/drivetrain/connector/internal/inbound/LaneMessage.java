package io.drivetrain.connector.internal.inbound;

import io.drivetrain.connector.Delivery;
import io.drivetrain.connector.internal.assignment.Run;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Message;

/**
 * One delivery as the runtime sees it; acknowledged or refused once, on any thread. Its stages are
 * complete when they are returned, and never fail: a runtime ends the channel for good after a
 * failed one and asks for nothing more before a late one. It is its own acknowledgement function,
 * because runtimes rebuild messages through {@code getAck} and {@code getNack}.
 */
final class LaneMessage
    implements Message<Object>,
        Supplier<CompletionStage<Void>>,
        Function<Throwable, CompletionStage<Void>> {
  private static final Object ACKED = new Object();
  private static final CompletionStage<Void> RECORDED = CompletableFuture.completedFuture(null);
  private static final VarHandle OUTCOME;

  static {
    try {
      OUTCOME = MethodHandles.lookup().findVarHandle(LaneMessage.class, "outcome", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Object payload;
  private final Courier courier;
  private final Run run;
  private final int index;

  /** Null, then {@link #ACKED} or a Throwable; set once through {@link #OUTCOME}. */
  private volatile Object outcome;

  LaneMessage(Object payload, Courier courier, Run run, int index) {
    this.payload = payload;
    this.courier = courier;
    this.run = run;
    this.index = index;
  }

  boolean isSettled() {
    return outcome != null;
  }

  /** Why it was refused, null if it was acknowledged. */
  Throwable failure() {
    return outcome instanceof Throwable failure ? failure : null;
  }

  private CompletionStage<Void> settle(Object value) {
    if (OUTCOME.compareAndSet(this, null, value)) {
      courier.settled();
    }
    return RECORDED;
  }

  @Override
  public Object getPayload() {
    return payload;
  }

  @Override
  public CompletionStage<Void> ack() {
    return settle(ACKED);
  }

  @Override
  public CompletionStage<Void> nack(Throwable reason) {
    return settle(reason == null ? new IllegalStateException("refused without a reason") : reason);
  }

  @Override
  public Supplier<CompletionStage<Void>> getAck() {
    return this;
  }

  @Override
  public Function<Throwable, CompletionStage<Void>> getNack() {
    return this;
  }

  @Override
  public CompletionStage<Void> get() {
    return ack();
  }

  @Override
  public CompletionStage<Void> apply(Throwable reason) {
    return nack(reason);
  }

  /** {@code ConsumerRecord}, {@code Delivery}, or this message itself. */
  @Override
  public <C> C unwrap(Class<C> type) {
    if (type == null) {
      throw new IllegalArgumentException("The unwrap type must not be null");
    }
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    if (type == ConsumerRecord.class) {
      return type.cast(courier.typedRecord(run.record(index), payload));
    }
    if (type == Delivery.class) {
      return type.cast(courier.snapshot(run, index));
    }
    throw new IllegalArgumentException(
        "a drivetrain message is no "
            + type.getName()
            + "; it unwraps ConsumerRecord and Delivery");
  }
}
