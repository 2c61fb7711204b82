import type { Knex } from "knex";

import type { DatabasePlace } from "../database/location.ts";
import { readDatabase } from "../database/transfer/read-only.ts";
import type { Sealer } from "../security/crypto.ts";
import { moveIn } from "./move-in.ts";
import type { MoveInOptions } from "./move-in.ts";
import type { Report } from "./report.ts";
import { readSource } from "./source.ts";
import { movingIn } from "./writer/writer.ts";

/**
 * Moves everything of the Label Studio whose database this is in, or nothing: when it throws, and when nothing is to be
 * kept. Throws MoveInError and DatabaseError, whose messages say what to do.
 */
export async function importFrom(
  place: DatabasePlace,
  target: { database: Knex; sealer: Sealer },
  { keep, ...options }: MoveInOptions & { keep: boolean },
): Promise<Report> {
  return readDatabase(place, async (database) => {
    const source = await readSource(database, { isPostgres: place.client === "pg" });
    return movingIn(target.database, target).all((to) => moveIn(source, to, options), { keep });
  });
}
