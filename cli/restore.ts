import path from "node:path";

import { loadConfig } from "../src/config/config.ts";
import { readBackup } from "../src/database/transfer/restore.ts";
import { copyDatabase } from "../src/database/transfer/copy.ts";
import { locationName } from "../src/database/location.ts";
import { openRepositories } from "../src/repositories/index.ts";
import { tell } from "./open.ts";
import { configOptions } from "./options.ts";
import type { CommandOptions } from "./options.ts";
import { watched } from "./watch.ts";

/** Checks a backup, and puts it into the configured database. */
export async function restore(options: CommandOptions, name: string): Promise<void> {
  const config = loadConfig(configOptions(options));
  const file = path.resolve(name);

  const made_at = await watched("Stopped: nothing was restored.", (watching) =>
    readBackup(file, watching, async (backup) => {
      await openRepositories(backup.database, config).installation.verify(config.secret_key);
      await copyDatabase(backup, config.database, { wait: config.database_wait, tell: tell, ...watching });
      return backup.made_at;
    }),
  );

  process.stdout.write(`Restored ${file}, made at ${made_at}, to ${locationName(config.database)}.\n`);
}
