import type { EventEmitter } from "node:events";
import type { Readable, Writable } from "node:stream";

/** What a command uses of its process, handed down to it so that it can also run inside another process, as in tests. */
export interface Io {
  stdin: Readable & { isTTY?: boolean };
  stdout: TerminalStream;
  stderr: TerminalStream;
  env: NodeJS.ProcessEnv;
  /** Emits SIGINT and SIGTERM. */
  signals: Pick<EventEmitter, "once">;
  /** Ends the process at once, whatever is under way. */
  exit: (code: number) => void;
}

export type TerminalStream = Writable & {
  isTTY?: boolean;
  /** The width of the terminal, in characters. */
  columns?: number;
  fd?: number;
};

export function printLine(stream: Writable, line: string): void {
  stream.write(`${line}\n`);
}
