// The shop's HTTP interface. Every failure is an Error whose message is a sentence to show.

async function call(method, path, body) {
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Error("The shop does not answer.");
  }
  const text = await response.text();
  let answer = null;
  try {
    answer = text ? JSON.parse(text) : null;
  } catch {
    // An error page of the server is no sentence to show.
  }
  if (!response.ok) {
    throw new Error(answer?.problem ?? `The shop answered ${response.status}.`);
  }
  return answer;
}

const part = encodeURIComponent;

export const state = () => call("GET", "api/state");
export const placeOrder = (order) => call("POST", "orders", order);
export const putCustomer = (customer) => call("POST", "api/customers", customer);
export const deleteCustomer = (id) => call("DELETE", `api/customers/${part(id)}`);
export const breakBilling = (id) => call("POST", `api/customers/${part(id)}/break`);
export const healBilling = (id) => call("POST", `api/customers/${part(id)}/heal`);
export const resume = (channel, topic, partition) =>
  call("POST", `api/channels/${part(channel)}/${part(topic)}/${partition}/resume`);
