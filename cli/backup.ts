import { statSync } from "node:fs";
import path from "node:path";

import { loadConfig } from "../src/config/config.ts";
import { writeBackup } from "../src/database/transfer/backup.ts";
import { locationName } from "../src/database/location.ts";
import { withReadOnlySource } from "../src/database/transfer/source.ts";
import { tell } from "./open.ts";
import { configOptions } from "./options.ts";
import type { CommandOptions } from "./options.ts";
import { secretKeyIsElsewhere } from "./secret-key.ts";
import { watched } from "./watch.ts";

/** Writes the configured database, as it is at one moment, into a new file. */
export async function backup(options: CommandOptions, name: string): Promise<void> {
  const config = loadConfig(configOptions(options));
  const file = path.resolve(name);

  const sums = await watched("Stopped: no backup was made.", (watching) =>
    withReadOnlySource(config.database, { wait: config.database_wait, tell: tell }, (source) =>
      writeBackup(source, file, watching),
    ),
  );

  const rows = sums.reduce((total, sum) => total + sum.rows, 0);
  process.stdout.write(
    `Backup of ${locationName(config.database)}: ${file} (${rows} rows in ${sums.length} tables, ${statSync(file).size} bytes)\n` +
      `${secretKeyIsElsewhere(config)}\n`,
  );
}
