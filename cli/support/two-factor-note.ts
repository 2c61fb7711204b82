import { twoFactor } from "../../src/repositories/accounts/two-factor.ts";
import { printLine } from "./io.ts";
import type { Io } from "./io.ts";
import type { OpenDatabase } from "./with-database.ts";

/** Says of somebody with two-factor log-in that a new password leaves it on, and how it is turned off; nothing of others. */
export async function mentionTwoFactor(
  io: Io,
  { database, keys }: Pick<OpenDatabase, "database" | "keys">,
  { id, email }: { id: number; email: string },
): Promise<void> {
  if (!(await twoFactor(database, keys.cipher).isEnabled(id))) return;
  printLine(
    io.stderr,
    `Note: two-factor log-in of ${email} stays on. If phone and recovery codes are gone: label-studio user disable-2fa --username ${email}`,
  );
}
