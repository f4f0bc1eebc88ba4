package io.drivetrain.sample.web;

import io.drivetrain.sample.billing.Bill;
import io.drivetrain.sample.customers.Customer;
import io.drivetrain.sample.orders.ShopOrder;
import io.drivetrain.sample.stock.Reservation;
import io.drivetrain.sample.stock.Stock;
import io.drivetrain.sample.web.ShopState.BillView;
import io.drivetrain.sample.web.ShopState.CustomerView;
import io.drivetrain.sample.web.ShopState.OrderView;
import io.drivetrain.sample.web.ShopState.StockView;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads what the page shows of the database. */
@ApplicationScoped
public class ShopBook {
  private static final int NEWEST = 50;

  @PersistenceContext private EntityManager entities;

  /** What was read. */
  record Page(
      long orderCount,
      long reservationCount,
      long billCount,
      List<OrderView> orders,
      List<StockView> stock,
      List<BillView> bills,
      List<CustomerView> customers) {
    static final Page EMPTY = new Page(0, 0, 0, List.of(), List.of(), List.of(), List.of());
  }

  /** One transaction, so that all queries share one connection. */
  @Transactional
  Page read() {
    List<ShopOrder> orders =
        entities
            .createQuery("select o from ShopOrder o order by o.id desc", ShopOrder.class)
            .setMaxResults(NEWEST)
            .getResultList();
    List<Bill> bills =
        entities
            .createQuery("select b from Bill b order by b.number desc", Bill.class)
            .setMaxResults(NEWEST)
            .getResultList();
    return new Page(
        count(ShopOrder.class),
        count(Reservation.class),
        count(Bill.class),
        orderViews(orders),
        entities
            .createQuery("select s from Stock s order by s.item", Stock.class)
            .getResultStream()
            .map(s -> new StockView(s.item(), s.price(), s.available(), s.reserved()))
            .toList(),
        bills.stream()
            .map(b -> new BillView(b.number(), b.orderId(), b.customer(), b.amount()))
            .toList(),
        entities
            .createQuery("select c from Customer c order by c.id", Customer.class)
            .getResultStream()
            .map(c -> new CustomerView(c.id(), c.name(), c.city()))
            .toList());
  }

  private List<OrderView> orderViews(List<ShopOrder> orders) {
    if (orders.isEmpty()) {
      return List.of();
    }
    List<Long> ids = orders.stream().map(ShopOrder::id).toList();
    Set<Long> reserved =
        new HashSet<>(
            entities
                .createQuery(
                    "select r.orderId from Reservation r where r.orderId in :ids", Long.class)
                .setParameter("ids", ids)
                .getResultList());
    Map<Long, Long> bills =
        entities
            .createQuery("select b from Bill b where b.orderId in :ids", Bill.class)
            .setParameter("ids", ids)
            .getResultStream()
            .collect(Collectors.toMap(Bill::orderId, Bill::number));
    return orders.stream()
        .map(
            o ->
                new OrderView(
                    o.id(),
                    o.customer(),
                    o.item(),
                    o.quantity(),
                    o.amount(),
                    reserved.contains(o.id()),
                    bills.get(o.id())))
        .toList();
  }

  private long count(Class<?> entity) {
    return entities
        .createQuery("select count(e) from " + entity.getSimpleName() + " e", Long.class)
        .getSingleResult();
  }
}
