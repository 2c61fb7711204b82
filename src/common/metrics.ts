import type { Registry } from "prom-client";

import { version } from "./package.ts";

export interface Metrics {
  /** Counts a request. `route` is the pattern of its address, such as `/people/:id`, so that there are few of them. */
  observe: (request: { method: string; route: string; status: number }, seconds: number) => void;
  /** All metrics, in the text format of Prometheus. */
  registry: Registry;
}

/** Methods that clients make up would be more names than anybody wants to keep. */
const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** How many connections to the database are in use and free, and how many requests wait for one. */
export interface ConnectionCounts {
  used: number;
  free: number;
  waiting: number;
}

/** Metrics of one server: of its process, its requests and its connections to the database. */
export async function createMetrics(countConnections: () => ConnectionCounts): Promise<Metrics> {
  // Loaded here, since most servers have no metrics.
  const { collectDefaultMetrics, Gauge, Histogram, Registry } = await import("prom-client");
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: "http_request_duration_seconds",
    help: "How long requests took, by route",
    labelNames: ["method", "route", "status"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const connections = new Gauge({
    name: "atelier_database_connections",
    help: "Connections to the database that are in use and that are free, and requests that wait for one",
    labelNames: ["state"],
    registers: [registry],
    collect() {
      for (const [state, count] of Object.entries(countConnections())) connections.set({ state }, count);
    },
  });
  const info = new Gauge({
    name: "atelier_info",
    help: "The version of the program",
    labelNames: ["version"],
    registers: [registry],
  });
  info.set({ version }, 1);

  return {
    registry,
    observe({ method, route, status }, seconds) {
      durations.observe({ method: methods.has(method) ? method : "other", route, status }, seconds);
    },
  };
}
