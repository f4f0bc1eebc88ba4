// The channels and their partitions: state, attempt, and the time to resumption counting down.

import { byId, fromTemplate, keyed, setData, setText } from "./dom.js";
import * as api from "./api.js";

const WHAT = {
  billing: "bills orders one at a time",
  stock: "reserves stock in batches",
  events: "feeds the list of events",
  customers: "keeps the table customer",
};

const PHASE = {
  WAITING: "waiting",
  JOINING: "joining its group",
  RUNNING: "running",
  STOPPING: "stopping",
  STOPPED: "stopped",
  DEAD: "dead",
};

const ORDER = ["billing", "stock", "customers", "events"];

// The partitions that are paused now, for the countdown between two looks at the server.
const paused = new Map();

export function showChannels(channels, clockOffset, run) {
  const sorted = [...channels].sort((a, b) => ORDER.indexOf(a.name) - ORDER.indexOf(b.name));
  paused.clear();
  keyed(
    byId("channels"),
    sorted,
    (channel) => channel.name,
    (channel) => createChannel(channel.name, run),
    (element, channel) => updateChannel(element, channel, clockOffset),
  );
  tick();
}

function createChannel(name, run) {
  const element = fromTemplate("channel-template");
  const retry = element.querySelector(".retry");
  retry.setAttribute("aria-label", `Retry the paused partitions of ${name} now`);
  retry.addEventListener("click", () => {
    const tiles = [...element.querySelectorAll('.partition[data-state="paused"]')];
    run(
      () => Promise.all(tiles.map(({ dataset }) => api.resume(name, dataset.topic, dataset.partition))),
      `Retrying what ${name} holds up.`,
    );
  });
  return element;
}

function updateChannel(element, channel, clockOffset) {
  setData(element, "channel", channel.name);
  setText(element.querySelector("h3"), channel.name);
  setText(element.querySelector(".what"), WHAT[channel.name] ?? "");
  const phase = element.querySelector(".phase");
  setText(phase, PHASE[channel.phase] ?? channel.phase);
  setData(phase, "phase", channel.phase);
  keyed(
    element.querySelector(".partitions"),
    channel.partitions,
    (partition) => `${partition.topic}-${partition.partition}`,
    () => fromTemplate("partition-template"),
    (tile, partition) => updatePartition(tile, partition, clockOffset),
  );
  const failed = channel.partitions.find((partition) => partition.pause);
  setData(element, "paused", String(Boolean(failed)));
  const reason = channel.problem ?? withoutPackage(failed?.pause.failure ?? "");
  setText(element.querySelector(".reason"), reason);
  element.querySelector(".reason").title = reason;
}

/** "io.drivetrain.sample.billing.BillingFailed: …" is read as "BillingFailed: …". */
function withoutPackage(failure) {
  return failure.replace(/^(?:[a-z]\w*\.)+(?=[A-Z])/, "");
}

function updatePartition(tile, partition, clockOffset) {
  const { pause } = partition;
  const state = pause ? "paused" : partition.inFlight ? "working" : "idle";
  setData(tile, "state", state);
  setData(tile, "topic", partition.topic);
  setData(tile, "partition", String(partition.partition));
  setText(tile.querySelector(".name"), `p${partition.partition}`);
  setText(tile.querySelector(".state"), state);
  setText(tile.querySelector(".next"), `next ${pause ? pause.offset : Math.max(0, partition.nextOffset)}`);
  setText(tile.querySelector(".queued"), partition.queued > 0 ? `${partition.queued} queued` : "");
  setText(tile.querySelector(".attempt"), pause ? `attempt ${pause.attempt}` : "");
  if (pause) {
    paused.set(tile, {
      since: Date.parse(pause.since) + clockOffset,
      resumeAt: pause.resumeAt ? Date.parse(pause.resumeAt) + clockOffset : null,
    });
  } else {
    setText(tile.querySelector(".resumption"), "");
    tile.querySelector(".bar i").style.transform = "scaleX(0)";
  }
}

/** Moves every countdown on; called several times a second. */
export function tick() {
  const now = Date.now();
  for (const [tile, { since, resumeAt }] of paused) {
    const left = resumeAt === null ? Infinity : Math.max(0, resumeAt - now);
    const text =
      left === Infinity ? "until retried" : left === 0 ? "retrying" : `in ${Math.ceil(left / 1000)} s`;
    setText(tile.querySelector(".resumption"), text);
    const share = left === Infinity ? 1 : Math.min(1, left / Math.max(1, resumeAt - since));
    tile.querySelector(".bar i").style.transform = `scaleX(${share.toFixed(3)})`;
  }
}
