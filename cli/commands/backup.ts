import { statSync } from "node:fs";
import path from "node:path";

import { writeBackup } from "../../src/database/transfer/backup.ts";
import { locationName } from "../../src/database/location.ts";
import { withReadOnlySource } from "../../src/database/transfer/source.ts";
import { readExistingConfig } from "../support/config.ts";
import { printLine } from "../support/io.ts";
import type { Io } from "../support/io.ts";
import type { CommandOptions } from "../support/options.ts";
import { matchSecretKey } from "../support/secret-key.ts";
import { secretKeyNotice } from "../support/secret-key-notice.ts";
import { stopSignal } from "../support/stop-signal.ts";
import { retryOptions } from "../support/with-database.ts";
import { withProgress } from "../support/with-progress.ts";

/** Writes a snapshot of the configured database into a new file. */
export async function backup(io: Io, options: CommandOptions, name: string): Promise<void> {
  const config = readExistingConfig(io, options);
  const file = path.resolve(name);
  const signal = stopSignal(io, "Stopped: no backup was made.");

  const { sums, comparison } = await withProgress(io, (onProgress) =>
    withReadOnlySource(config.database, retryOptions(io, config), async (source) => ({
      sums: await writeBackup(source, file, { onProgress, signal }),
      comparison: (await matchSecretKey(source.database, config)).comparison,
    })),
  );

  const rows = sums.reduce((total, sum) => total + sum.rows, 0);
  printLine(
    io.stdout,
    `Backup of ${locationName(config.database)}: ${file} (${rows} rows in ${sums.length} tables, ${statSync(file).size} bytes)`,
  );
  printLine(io.stdout, secretKeyNotice(config, comparison));
}
