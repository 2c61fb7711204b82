import { pino } from "pino";
import type { DestinationStream, Logger as PinoLogger } from "pino";

export type Logger = PinoLogger;

/** What logs the failures of background jobs. */
export interface FailureLog {
  error: (fields: { err: unknown }, message: string) => void;
  warn: (fields: { err: unknown }, message: string) => void;
}

export type LogLevel = "debug" | "info" | "warn" | "error";

const secrets = ["config", "password", "token", "cookie", "*.password", "*.token", "*.cookie", "*.authorization"];

/** How much of an error's message is logged, in characters, and how many of its stack frames. */
const maxMessageLength = 1000;
const maxFrames = 30;

/**
 * Creates a logger that writes lines of JSON without secrets. Commands log to standard error, since standard output is for
 * their results. A stream of the process is written to by its file descriptor, so that a server goes on when no one reads its
 * log any more.
 */
export function createLogger(level: LogLevel, stream: DestinationStream & { fd?: number }): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: secrets,
      serializers: { err: serializeError },
    },
    stream.fd === undefined ? stream : pino.destination({ dest: stream.fd, sync: true }),
  );
}

/**
 * An error as it is logged. Only these properties are: errors of libraries also hold the bytes of a request (`rawPacket` of
 * Node's HTTP parser) and values of rows (`detail` of PostgreSQL).
 */
function serializeError(error: unknown, depth = 0): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code } = error as NodeJS.ErrnoException;
  return {
    type: error.name,
    // That of JSON.parse quotes what it could not read.
    message: error instanceof SyntaxError ? undefined : error.message.slice(0, maxMessageLength),
    code: typeof code === "string" ? code : undefined,
    stack: stackFrames(error),
    cause: error.cause === undefined || depth === 2 ? undefined : serializeError(error.cause, depth + 1),
  };
}

/** Without the message, which V8 repeats above them. */
function stackFrames({ stack = "" }: Error): string {
  const lines = stack.split("\n").filter((line) => /^ {4}at /.test(line));
  return lines.slice(0, maxFrames).join("\n");
}
