// The customers: who they are, whose billing is broken, and the choice in the order form.

import { byId, fromTemplate, keyed, setData, setText } from "./dom.js";
import * as api from "./api.js";

export function showCustomers(customers, broken, run) {
  const listed = new Set(customers.map((customer) => customer.id));
  const orphans = broken
    .filter((id) => !listed.has(id))
    .map((id) => ({ id, name: id, city: "not in the table", orphan: true }));
  keyed(
    byId("customers"),
    [...customers, ...orphans],
    (customer) => customer.id,
    (customer) => create(customer.id, run),
    (element, customer) => update(element, customer, broken.includes(customer.id)),
  );
  keyed(
    byId("order-customer"),
    customers,
    (customer) => customer.id,
    () => document.createElement("option"),
    (option, customer) => {
      option.value = customer.id;
      setText(option, customer.name ? `${customer.name} (${customer.id})` : customer.id);
    },
  );
}

function create(id, run) {
  const element = fromTemplate("customer-template");
  element.querySelector(".toggle").addEventListener("click", () => {
    if (element.dataset.broken === "true") {
      run(() => api.healBilling(id), `Billing works again for ${id}.`);
    } else {
      run(() => api.breakBilling(id), `Billing now fails for ${id}: place an order for them.`);
    }
  });
  const remove = element.querySelector(".delete");
  remove.setAttribute("aria-label", `Delete customer ${id}`);
  remove.addEventListener("click", () => {
    run(() => api.deleteCustomer(id), `Sent a tombstone for ${id}.`);
  });
  return element;
}

function update(element, customer, isBroken) {
  setData(element, "customer", customer.id);
  setData(element, "broken", String(isBroken));
  setText(element.querySelector("b"), customer.name ?? customer.id);
  setText(element.querySelector("small"), `${customer.id} · ${customer.city ?? ""}`);
  const toggle = element.querySelector(".toggle");
  setText(toggle, isBroken ? "Heal" : "Break");
  toggle.classList.toggle("heal", isBroken);
  toggle.setAttribute("aria-label", `${isBroken ? "Heal" : "Break"} billing for ${customer.id}`);
  element.querySelector(".delete").hidden = Boolean(customer.orphan);
}
