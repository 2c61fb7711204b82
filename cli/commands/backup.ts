import { createReadStream, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { pipeline } from "node:stream/promises";

import { writeBackup } from "../../src/database/transfer/backup.ts";
import { locationName } from "../../src/database/location.ts";
import { withReadOnlySource } from "../../src/database/transfer/source.ts";
import { CommandError } from "../support/command-error.ts";
import { readExistingConfig } from "../support/config.ts";
import { printLine } from "../support/io.ts";
import type { Io } from "../support/io.ts";
import type { CommandOptions } from "../support/options.ts";
import { describeSize } from "../support/results.ts";
import { matchSecretKey } from "../support/secret-key.ts";
import { secretKeyNotice } from "../support/secret-key-notice.ts";
import { uploadsNotice } from "../support/uploads-notice.ts";
import { stopSignal } from "../support/stop-signal.ts";
import { retryOptions } from "../support/with-database.ts";
import { withProgress } from "../support/with-progress.ts";

/** Writes a snapshot of the configured database into a new file, or for `-` to standard output. */
export async function backup(io: Io, options: CommandOptions, name: string): Promise<void> {
  if (name !== standardOutput) return writeInto(io, options, path.resolve(name));
  if (io.stdout.isTTY)
    throw new CommandError("A backup can't be shown in a terminal. Name a file, or redirect standard output into one.");
  // SQLite writes here and there in a file, so that it has to be whole before it is sent.
  const folder = await mkdtemp(path.join(io.env.TMPDIR || os.tmpdir(), "atelier-backup-"));
  try {
    await writeInto(io, options, path.join(folder, "backup"), async (file, signal) => {
      await pipeline(createReadStream(file), io.stdout, { end: false, signal });
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const standardOutput = "-";

/** Writes the file and, where it is to be sent on, sends it: what there is to tell goes to standard error then. */
async function writeInto(
  io: Io,
  options: CommandOptions,
  file: string,
  send?: (file: string, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const config = readExistingConfig(io, options);
  const signal = stopSignal(io, "Stopped: no backup was made.");

  const { sums, comparison, uploads } = await withProgress(io, (onProgress) =>
    withReadOnlySource(config.database, retryOptions(io, config), async (source) => ({
      sums: await writeBackup(source, file, { onProgress, signal }),
      comparison: (await matchSecretKey(source.database, config)).comparison,
      uploads: await uploadsNotice(source.database, config),
    })),
  );
  const { size } = statSync(file);
  await send?.(file, signal).catch((error: Error) => {
    signal.throwIfAborted();
    throw new CommandError(`The backup can't be written to standard output (${error.message}).`);
  });

  const place = send ? "standard output" : file;
  const messages = send ? io.stderr : io.stdout;
  printLine(messages, `Backup of ${locationName(config.database)}: ${place} (${describeSize(sums)}, ${size} bytes)`);
  printLine(messages, secretKeyNotice(config, comparison));
  if (uploads !== undefined) printLine(messages, uploads);
}
