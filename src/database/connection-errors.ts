/** Codes of PostgreSQL for a server that starts or stops, or has too many connections at the moment. */
const passing = new Set(["57P01", "57P02", "57P03", "53300"]);

const ofNetwork = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOENT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EPIPE",
  "ETIMEDOUT",
]);

/** Files have some of these codes, too, and whoever asks may hang up. */
const networkCalls = new Set(["connect", "getaddrinfo", "read", "write"]);

/** The driver's own errors for a lost connection have no code, nor has Knex's when all connections are in use. */
const lost =
  /^(?:Connection terminated|timeout exp|timeout exceeded when trying to connect|Knex: Timeout acquiring)|not queryable$/;

/** Of several addresses of a host the first one that failed says why. */
export function firstReason(error: unknown): unknown {
  return error instanceof AggregateError ? (error.errors[0] as unknown) : error;
}

/** Whether the database could not be asked at the moment, and may be there again soon. */
export function isUnreachable(error: unknown): boolean {
  const { code = "", syscall = "", message = "" } = Object(firstReason(error)) as Partial<NodeJS.ErrnoException>;
  if (networkCalls.has(syscall)) return ofNetwork.has(code);
  return passing.has(code) || /^08\w{3}$/.test(code) || lost.test(message);
}
