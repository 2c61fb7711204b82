import { CommandError } from "./errors.ts";

/** Aborts with these words when the command is told to stop, so that it leaves nothing half written. */
export function stopSignal(words: string): AbortSignal {
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => stopping.abort(new CommandError(words)));
  return stopping.signal;
}
