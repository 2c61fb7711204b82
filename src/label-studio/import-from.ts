import type { DatabasePlace } from "../database/place.ts";
import { readDatabase } from "../database/read-only.ts";
import type { Repositories } from "../repositories/index.ts";
import { moveIn } from "./move-in.ts";
import type { MoveInOptions } from "./move-in.ts";
import type { Report } from "./report.ts";
import { readSource } from "./source.ts";

/**
 * Moves everything of the Label Studio whose database this is in, or nothing: when it throws, and when nothing is to be
 * kept. Throws MoveInError and DatabaseError, whose messages say what to do.
 */
export async function importFrom(
  place: DatabasePlace,
  { movingIn }: Pick<Repositories, "movingIn">,
  { keep, ...options }: MoveInOptions & { keep: boolean },
): Promise<Report> {
  return readDatabase(place, async (database) => {
    const source = await readSource(database, { isPostgres: place.client === "pg" });
    return movingIn.all((to) => moveIn(source, to, options), { keep });
  });
}
