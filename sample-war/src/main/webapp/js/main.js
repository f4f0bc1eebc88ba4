// Looks at the shop once a second and after every action, and wires the forms.

import * as api from "./api.js";
import { showChannels, tick } from "./channels.js";
import { showCustomers } from "./customers.js";
import { byId, setData, setText } from "./dom.js";
import { showEvents, showOrders, showStock, showTotals } from "./lists.js";

const LOOK_EVERY = 1000;
const TICK_EVERY = 200;

let shop = null;
let looking = null;

function show(next) {
  shop = next;
  // Pauses end by the server's clock; the page counts by its own.
  const clockOffset = Date.now() - Date.parse(next.now);
  const broken = next.broken ?? [];
  showTotals(next);
  showOrders(next.orders, broken);
  showEvents(next.events);
  if (!next.problem) {
    showStock(next.stock);
    showCustomers(next.customers, broken, run);
  }
  showChannels(next.channels, clockOffset, run);
  showHealth(next);
}

function showHealth(next) {
  const pausedPartitions = next.channels
    .flatMap((channel) => channel.partitions)
    .filter((partition) => partition.pause).length;
  const problem =
    next.problem ?? next.outbox.problem ?? next.channels.find((c) => c.problem)?.problem;
  if (problem) {
    health("wait", problem);
  } else if (next.channels.some((channel) => channel.phase === "DEAD")) {
    health("bad", "A channel is dead");
  } else if (pausedPartitions > 0) {
    health("bad", pausedPartitions === 1 ? "1 partition paused" : `${pausedPartitions} partitions paused`);
  } else if (next.channels.some((channel) => channel.phase !== "RUNNING")) {
    health("wait", "Channels are starting");
  } else {
    health("good", "All channels running");
  }
}

function health(state, text) {
  setData(byId("health"), "state", state);
  setText(byId("health"), text);
  byId("health").title = text;
}

function notice(text, bad = false) {
  setText(byId("notice"), text);
  setData(byId("notice"), "state", bad ? "bad" : "good");
}

/** One look at a time: a slow answer must not overwrite a newer one. */
function look() {
  looking ??= api
    .state()
    .then(show)
    .catch((error) => health("bad", error.message))
    .finally(() => {
      looking = null;
    });
  return looking;
}

async function run(action, done) {
  try {
    const answer = await action();
    notice(typeof done === "function" ? done(answer) : done);
  } catch (error) {
    notice(error.message, true);
  }
  await looking;
  await look();
}

byId("order-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  const order = {
    customer: form.get("customer"),
    item: form.get("item"),
    quantity: Number(form.get("quantity")),
  };
  run(
    () => api.placeOrder(order),
    (placed) => `Order ${placed.id}: ${placed.quantity} × ${placed.item} for ${placed.customer}.`,
  );
});

byId("order-for-all").addEventListener("click", () => {
  const customers = shop?.customers ?? [];
  const items = shop?.stock ?? [];
  run(
    () =>
      Promise.all(
        customers.map((customer, index) =>
          api.placeOrder({
            customer: customer.id,
            item: items[index % items.length].item,
            quantity: 1,
          }),
        ),
      ),
    (placed) => `Placed ${placed.length} orders, one for every customer.`,
  );
});

byId("customer-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const customer = Object.fromEntries(new FormData(event.target));
  run(
    async () => {
      await api.putCustomer(customer);
      event.target.reset();
    },
    `Sent ${customer.id} to topic customers.`,
  );
});

async function lookForever() {
  await look();
  setTimeout(lookForever, LOOK_EVERY);
}

lookForever();
setInterval(tick, TICK_EVERY);
