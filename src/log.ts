import { pino } from "pino";
import type { DestinationStream, Logger } from "pino";

import type { LogLevel } from "./config.ts";

export type Log = Logger;

/** Lines of JSON, on standard error so that standard output stays for what a command answers. */
export function createLog(
  level: LogLevel,
  destination: DestinationStream = pino.destination({ dest: 2, sync: true }),
): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: ["config", "password", "token", "cookie", "*.password", "*.token", "*.cookie", "*.authorization"],
    },
    destination,
  );
}
