// Orders, events, stock, and the figures along an order's way.

import { byId, keyed, row, setCell, setData, setText } from "./dom.js";

const money = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

export function showTotals(shop) {
  setText(byId("total-orders"), shop.totals.orders);
  setText(byId("total-outbox"), shop.outbox.depth);
  setText(byId("total-sent"), shop.outbox.sent);
  setText(byId("total-reserved"), shop.totals.reserved);
  setText(byId("total-billed"), shop.totals.billed);
}

export function showOrders(orders, broken) {
  keyed(
    byId("orders"),
    orders,
    (order) => order.id,
    () => row("", "", "", "", ""),
    (element, order) => {
      setData(element, "order", String(order.id));
      setCell(element, 0, order.id);
      setCell(element, 1, order.customer);
      setCell(element, 2, `${order.quantity} × ${order.item}`);
      element.children[2].title = money.format(order.amount);
      setCell(element, 3, order.reserved ? "reserved" : "…", order.reserved ? "yes" : "pending");
      const held = broken.includes(order.customer);
      const billed = order.bill !== undefined && order.bill !== null;
      setCell(
        element,
        4,
        billed ? `No. ${order.bill}` : held ? "held up" : "…",
        billed ? "yes" : held ? "held" : "pending",
      );
    },
  );
  byId("no-orders").hidden = orders.length > 0;
}

export function showEvents(events) {
  keyed(
    byId("events"),
    events,
    (event) => `${event.partition}-${event.offset}`,
    () => row("", "number", "", ""),
    (element, event) => {
      setCell(element, 0, `p${event.partition}`);
      setCell(element, 1, event.offset);
      setCell(element, 2, event.key ?? "–");
      setCell(element, 3, summary(event.value));
      element.children[3].title = event.value ?? "";
    },
  );
  byId("no-events").hidden = events.length > 0;
}

function summary(value) {
  if (value === undefined || value === null) {
    return "tombstone";
  }
  try {
    const { id, quantity, item } = JSON.parse(value);
    return id === undefined ? value : `order ${id}: ${quantity} × ${item}`;
  } catch {
    return value;
  }
}

export function showStock(stock) {
  keyed(
    byId("stock"),
    stock,
    (item) => item.item,
    () => row("", "number", "number", "number"),
    (element, item) => {
      setData(element, "item", item.item);
      setCell(element, 0, item.item);
      setCell(element, 1, money.format(item.price));
      setCell(element, 2, item.available);
      setCell(element, 3, item.reserved);
    },
  );
  keyed(
    byId("order-item"),
    stock,
    (item) => item.item,
    () => document.createElement("option"),
    (option, item) => {
      option.value = item.item;
      setText(option, item.item);
    },
  );
}
