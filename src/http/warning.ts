import type { Logger } from "../common/logger.ts";

/** How many different warnings of a kind are logged: what strangers send must not make the log grow. */
const maxWarnings = 10;
const maxLength = 200;

/** Returns a function that logs a warning with these fields, each combination once. */
export function createWarning(log: Logger, message: string): (fields: Record<string, string>) => void {
  const logged = new Set<string>();
  return (fields) => {
    const cut = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value.slice(0, maxLength)]));
    const key = JSON.stringify(cut);
    if (logged.has(key) || logged.size >= maxWarnings) return;
    logged.add(key);
    log.warn(cut, message);
  };
}
