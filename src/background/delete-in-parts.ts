import { setTimeout } from "node:timers/promises";

import { batchSize } from "../common/batch-size.ts";
import type { BatchSize } from "../common/batch-size.ts";

/** Rows and milliseconds of a transaction. Rows may be large, such as a task with a thousand annotations. */
const partSize = { first: 20, max: 1000, milliseconds: 25 };

/**
 * Deletes many rows in transactions so short that nobody waits long for one. `deletePart` deletes as many rows as the size says,
 * and returns false if there are no more. Throws when the signal is aborted.
 */
export async function deleteInParts(
  deletePart: (size: BatchSize) => Promise<boolean>,
  signal: AbortSignal,
): Promise<void> {
  const size = batchSize(partSize);
  while (await deletePart(size)) {
    signal.throwIfAborted();
    // Leaves at least half of the time to others.
    await setTimeout(partSize.milliseconds, undefined, { signal });
  }
}
