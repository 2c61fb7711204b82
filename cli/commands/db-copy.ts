import { statSync } from "node:fs";

import { assertFileCreatable } from "../../src/database/dry-run.ts";
import { shortChecksum } from "../../src/database/transfer/checksum.ts";
import { copyDatabase } from "../../src/database/transfer/copy.ts";
import type { CopyResult } from "../../src/database/transfer/copy.ts";
import { parseLocation, InvalidLocationError, locationName } from "../../src/database/location.ts";
import type { DatabaseLocation } from "../../src/database/location.ts";
import { withReadOnlySource } from "../../src/database/transfer/source.ts";
import { CommandError } from "../support/command-error.ts";
import { readExistingConfig } from "../support/config.ts";
import { printLine } from "../support/io.ts";
import type { Io } from "../support/io.ts";
import type { CommandOptions } from "../support/options.ts";
import { dryRunNotice } from "../support/results.ts";
import { matchSecretKey } from "../support/secret-key.ts";
import { secretKeyNotice } from "../support/secret-key-notice.ts";
import { stopSignal } from "../support/stop-signal.ts";
import { table } from "../support/table.ts";
import { retryOptions } from "../support/with-database.ts";
import { withProgress } from "../support/with-progress.ts";

/** Copies the configured database into another one, and prints the row counts and checksums of both. */
export async function copy(io: Io, options: CommandOptions): Promise<void> {
  const config = readExistingConfig(io, options);
  const to = placeTo(options.to);
  if (isSame(config.database, to))
    throw new CommandError(`${locationName(to)} is the database to copy from. Choose another one with --to.`);
  const retry = retryOptions(io, config);
  const isDryRun = options.dryRun === true;
  if (isDryRun && to.client === "sqlite3") assertFileCreatable(to.file);
  const signal = stopSignal(io, "Stopped: nothing was copied.");

  const { copied, comparison } = await withProgress(io, (onProgress) =>
    withReadOnlySource(config.database, retry, async (source) => ({
      copied: await copyDatabase(source, to, { ...retry, option: "--to", onProgress, signal, isDryRun }),
      comparison: (await matchSecretKey(source.database, config)).comparison,
    })),
  );

  const lines = [
    ...compared(copied),
    "",
    `${isDryRun ? "Would copy" : "Copied"} ${locationName(config.database)} to ${locationName(to)}: all rows are the same.`,
    isDryRun ? dryRunNotice : secretKeyNotice(config, comparison),
  ];
  printLine(io.stdout, lines.join("\n"));
}

function placeTo(text: string | undefined): DatabaseLocation {
  if (!text) throw new CommandError("Say where to copy to: --to with a postgresql:// address or an SQLite file.");
  try {
    return parseLocation(text);
  } catch (error) {
    if (error instanceof InvalidLocationError) throw new CommandError(`--to can't be used: ${error.message}.`);
    throw error;
  }
}

/** Two names of one file; whether two addresses mean one database of PostgreSQL, only its server knows. */
function isSame(from: DatabaseLocation, to: DatabaseLocation): boolean {
  if (from.client !== "sqlite3" || to.client !== "sqlite3") return false;
  const [one, other] = [from, to].map(({ file }) => statSync(file, { throwIfNoEntry: false }));
  return one !== undefined && one.ino === other?.ino && one.dev === other.dev;
}

function compared({ source, target }: CopyResult): string[] {
  const rows = source.map((sum, at) => {
    const other = target[at];
    return [sum.table, sum.rows, other?.rows ?? "", shortChecksum(sum), other ? shortChecksum(other) : ""];
  });
  return table(["", "rows there", "rows here", "SHA-256 there", "SHA-256 here"], rows.sort(byName));
}

function byName([one = ""]: (string | number)[], [other = ""]: (string | number)[]): number {
  return one < other ? -1 : 1;
}
