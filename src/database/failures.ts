import { DatabaseError, databaseMessage, firstReason, isFull, isLocked, isUnreachable } from "./errors.ts";
import { locationName } from "./location.ts";
import type { DatabaseLocation } from "./location.ts";

/** SQLSTATE insufficient_privilege. */
const insufficientPrivilege = "42501";

/**
 * Says in one line what to do about what a database reports of itself: rights that are missing, a server that stopped, a full disk,
 * a lock. Undefined for any other error, which is a mistake of ours.
 */
export function databaseFailure(error: unknown, location: DatabaseLocation): DatabaseError | undefined {
  if (!(error instanceof Error) || error instanceof DatabaseError) return undefined;
  const name = locationName(location);
  const cause = firstReason(error) as NodeJS.ErrnoException;
  const { code } = cause;
  const reason = databaseMessage(cause) || code;
  const failure = (sentence: string) => new DatabaseError(sentence, { cause: error });
  if (code === insufficientPrivilege && location.client === "pg")
    return failure(
      `The user "${location.user}" lacks rights in ${name} (${reason}): let it own the database (alter database "${location.database}" owner to "${location.user}"), or grant it what is missing.`,
    );
  if (isUnreachable(error))
    return failure(`The database ${name} stopped answering (${reason}): see that it runs, then run this again.`);
  if (isFull(error)) return failure(`There is no space left for ${name} (${reason}): make room, then run this again.`);
  if (isLocked(error)) return failure(`Another program has locked ${name} (${reason}): run this again later.`);
  return undefined;
}
