import { CommandError } from "./command-error.ts";
import type { Io } from "./io.ts";

/** Aborts at SIGINT and SIGTERM, with an error of this message, so that a command can leave nothing half written. */
export function stopSignal({ signals }: Io, message: string): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"]) signals.once(signal, () => controller.abort(new CommandError(message)));
  return controller.signal;
}
