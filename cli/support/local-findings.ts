import { accessSync, constants, existsSync, statfsSync } from "node:fs";
import path from "node:path";

import { migrations } from "../../migrations/index.ts";
import type { LoadedConfig } from "../../src/config/config.ts";
import { assertCreatable } from "../../src/database/dry-run.ts";
import { closeDatabase } from "../../src/database/close.ts";
import { appliedMigrations, assertUsable, hasMigrations } from "../../src/database/migrate.ts";
import { databaseFailure } from "../../src/database/failures.ts";
import { openDatabase } from "../../src/database/open.ts";
import { waitUntilReady } from "../../src/database/wait-until-ready.ts";
import { matchSecretKey } from "./secret-key.ts";

/** What was looked at, and what it is or what to do about it. */
export interface Finding {
  name: string;
  ok: boolean;
  message: string;
}

const enoughBytes = 1024 ** 3;

/** Looks at the data folder, the disk, the database and its secret key, and changes nothing. */
export async function localFindings(config: LoadedConfig): Promise<Finding[]> {
  return [folder(config), disk(config), ...(await database(config))];
}

function folder({ data_dir }: LoadedConfig): Finding {
  try {
    assertCreatable(data_dir);
    if (!existsSync(data_dir))
      return { name: "data folder", ok: true, message: `${data_dir} will be created when it is needed` };
    accessSync(data_dir, constants.R_OK);
    return { name: "data folder", ok: true, message: data_dir };
  } catch (error) {
    const message = `${data_dir} can't be written (${(error as NodeJS.ErrnoException).code}): give it to this user, or choose another with --data-dir`;
    return { name: "data folder", ok: false, message };
  }
}

/** Of a folder that is not there, the disk of the one that it would be in. */
function disk({ data_dir }: LoadedConfig): Finding {
  let existing = data_dir;
  while (!existsSync(existing)) existing = path.dirname(existing);
  const { bavail, bsize } = statfsSync(existing);
  const ok = bavail * bsize >= enoughBytes;
  const gigabytes = `${((bavail * bsize) / 1024 ** 3).toFixed(1)} GB free`;
  return { name: "disk", ok, message: ok ? gigabytes : `${gigabytes} for ${data_dir}: make room, at least 1 GB` };
}

async function database(config: LoadedConfig): Promise<Finding[]> {
  const connection = openDatabase(config.database, { connections: 1 });
  try {
    await waitUntilReady(config.database, { waitSeconds: 0 });
    await assertUsable(connection);
    const applied = (await hasMigrations(connection)) ? await appliedMigrations(connection) : [];
    const pending = migrations.length - applied.length;
    const { comparison } = await matchSecretKey(connection, config);
    return [
      { name: "database", ok: true, message: "it answers" },
      {
        name: "migrations",
        ok: true,
        message: pending > 0 ? `${pending} will be applied at the next start` : "all applied",
      },
      comparison === "different"
        ? {
            name: "secret key",
            ok: false,
            message: "another LABEL_STUDIO_SECRET_KEY is needed: nobody could log in with this one",
          }
        : { name: "secret key", ok: true, message: "the same" },
    ];
  } catch (error) {
    const { message } = databaseFailure(error, config.database) ?? (error as Error);
    return [{ name: "database", ok: false, message }];
  } finally {
    await closeDatabase(connection);
  }
}
