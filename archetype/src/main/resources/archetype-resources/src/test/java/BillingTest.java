package ${package};

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ${package}.billing.Billing;
import ${package}.billing.Billing.Invoice;
import ${package}.billing.Billing.Order;
import io.drivetrain.testkitapp.Processing;
import io.drivetrain.testkitapp.TestApp;
import io.drivetrain.testkitapp.TestChannel;
import org.junit.jupiter.api.Test;

/** A consumer with neither broker nor database. */
class BillingTest {
  @Test
  void an_order_becomes_an_invoice() {
    try (TestApp app = TestApp.of(Billing.class).start()) {
      app.channel("billing").send("anna", new Order("1", "anna", "gear", 5)).awaitProcessed();

      app.sent("invoices").containing("anna", new Invoice("1", 5));
    }
  }

  @Test
  void an_order_that_fails_holds_up_what_comes_behind_it() {
    try (TestApp app = TestApp.of(Billing.class).start()) {
      TestChannel billing = app.channel("billing");
      Processing bad = billing.send("anna", new Order("1", "anna", "gear", -5));
      Processing next = billing.send("anna", new Order("2", "anna", "gear", 5));

      assertTrue(bad.awaitFailed().getMessage().contains("has the price -5"));
      assertFalse(next.isProcessed());
      app.sent("invoices").none();
    }
  }
}
