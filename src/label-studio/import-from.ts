import type { Knex } from "knex";

import type { DatabaseLocation } from "../database/location.ts";
import { withReadOnlyDatabase } from "../database/transfer/read-only.ts";
import type { Cipher } from "../security/crypto.ts";
import { migrateAll } from "./move-in.ts";
import type { MigrationOptions } from "./move-in.ts";
import type { Report } from "./report.ts";
import { openSource } from "./source.ts";
import { createWriter } from "./writer/writer.ts";

/**
 * Moves everything of the Label Studio whose database this is in, or nothing: when it throws, and when nothing is to be
 * kept. Throws MoveInError and DatabaseError, whose messages say what to do.
 */
export async function runMigration(
  place: DatabaseLocation,
  target: { database: Knex; sealer: Cipher },
  { keep, ...options }: MigrationOptions & { keep: boolean },
): Promise<Report> {
  return withReadOnlyDatabase(place, async (database) => {
    const source = await openSource(database, { isPostgres: place.client === "pg" });
    return createWriter(target.database, target).all((to) => migrateAll(source, to, options), { keep });
  });
}
