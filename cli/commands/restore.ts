import path from "node:path";

import { readBackup } from "../../src/database/transfer/restore.ts";
import { copyDatabase } from "../../src/database/transfer/copy.ts";
import { locationName } from "../../src/database/location.ts";
import { readConfig } from "../support/config.ts";
import { printLine } from "../support/io.ts";
import type { Io } from "../support/io.ts";
import type { CommandOptions } from "../support/options.ts";
import { describeSize, dryRunNotice } from "../support/results.ts";
import { findSecretKey, prepareDatabaseFolder } from "../support/secret-key.ts";
import { stopSignal } from "../support/stop-signal.ts";
import { retryOptions } from "../support/with-database.ts";
import { withProgress } from "../support/with-progress.ts";

/** Verifies a backup, and loads it into the configured database, which must be empty. */
export async function restore(io: Io, options: CommandOptions, name: string): Promise<void> {
  const config = readConfig(io, options);
  const file = path.resolve(name);
  const signal = stopSignal(io, "Stopped: nothing was restored.");

  const isDryRun = options.dryRun === true;

  const { made_at, sums } = await withProgress(io, (onProgress) =>
    readBackup(file, { onProgress, signal }, async (source) => {
      await findSecretKey(source.database, config);
      prepareDatabaseFolder(config, isDryRun);
      const retry = retryOptions(io, config);
      const copied = await copyDatabase(source, config.database, { ...retry, onProgress, signal, isDryRun });
      return { made_at: source.made_at, sums: copied.target };
    }),
  );

  const what = `${file}, made at ${made_at}, to ${locationName(config.database)}`;
  printLine(
    io.stdout,
    isDryRun ? `Would restore ${what} (${describeSize(sums)}).\n${dryRunNotice}` : `Restored ${what}.`,
  );
}
