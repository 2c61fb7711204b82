import { now } from "../common/timestamps.ts";
import type { MigrationContext } from "./move.ts";
import { checkTally, counted, listed } from "./report.ts";
import type { Tally } from "./report.ts";
import * as tables from "./people-tables.ts";

/** Why tokens of these are not moved: members here have none of theirs left, either. */
const removed = "their people are not members";

/** One a person: whoever has one here keeps it. */
export async function moveLegacyTokens(move: MigrationContext): Promise<void> {
  const { source, to, ids, report } = move;
  const tally = await begin(move, "legacy tokens", tables.authToken.name);
  const before = await to.count("legacy_tokens");
  const taken: string[] = [];
  for await (const rows of source.pieces(tables.authToken)) {
    const tokens = rows.flatMap(({ user_id, key, created }) => {
      const id = ids.users.get(user_id);
      return id === undefined || !key ? [] : [{ user_id: id, token: key, created_at: created ?? now() }];
    });
    const user_ids = tokens.map(({ user_id }) => user_id);
    const members = await to.people.members(user_ids);
    const holders = await to.tokens.legacyHolders(user_ids);
    const wanted = tokens.filter(({ user_id }) => members.has(user_id) && !holders.has(user_id));
    const refused = await to.tokens.addLegacy(wanted);
    for (const { token } of refused) taken.push(`…${token.slice(-4)}`);
    tally.before += user_ids.filter((id) => holders.has(id)).length;
    tally.moved += wanted.length - refused.length;
    move.tell({ name: tally.name, done: tally.moved + tally.before, total: tally.there });
  }
  tally.left_out = tally.there - tally.moved - tally.before;
  tally.here = await to.count("legacy_tokens");
  checkTally(tally, before);
  report.tallies.push(tally);
  const gone = tally.left_out - taken.length;
  if (gone > 0) report.notes.push(`Left out: ${counted(gone, "legacy tokens")}, because ${removed}.`);
  if (taken.length > 0)
    report.notes.push(
      `Left out: ${counted(taken.length, "legacy tokens")}, because somebody else here has the same (${listed(taken)}). Their people make new ones in Account & Settings.`,
    );
}

/** How tokens are verified that come from there: with a key that is the server's own, with another one, or not at all. */
export type TokenKey = "none" | "ours" | "theirs";

/** Personal tokens, which only the key they were signed with makes work. */
export async function movePersonalTokens(move: MigrationContext, key: TokenKey): Promise<void> {
  const { source, to, ids, report } = move;
  const tally = await begin(move, "personal tokens", tables.outstandingToken.name);
  const before = await to.count("personal_tokens");
  const source_id = key === "theirs" ? move.source_id : null;
  for await (const rows of key === "none" ? [] : source.pieces(tables.outstandingToken)) {
    const known = await to.tokens.knownPersonal(rows.flatMap(({ jti }) => jti ?? []));
    const tokens = rows.flatMap(({ user_id, jti, token, created_at, expires_at, revoked_at }) => {
      const id = ids.users.get(user_id);
      if (id === undefined || !jti || !token || !expires_at || known.has(jti)) return [];
      const kept = token.split(".").slice(0, 2).join(".");
      const issued_at = created_at ?? now();
      return [{ user_id: id, jti, name: "", token: kept, created_at: issued_at, expires_at, revoked_at, source_id }];
    });
    const members = await to.people.members(tokens.map(({ user_id }) => user_id));
    const wanted = tokens.filter(({ user_id }) => members.has(user_id));
    await to.tokens.addPersonal(wanted);
    tally.before += known.size;
    tally.moved += wanted.length;
    move.tell({ name: tally.name, done: tally.moved + tally.before, total: tally.there });
  }
  tally.left_out = tally.there - tally.moved - tally.before;
  tally.here = await to.count("personal_tokens");
  checkTally(tally, before);
  report.tallies.push(tally);
  if (tally.left_out === 0) return;
  report.notes.push(
    key === "none"
      ? `Left out: ${counted(tally.left_out, "personal tokens")}, because the secret key of that Label Studio was not given. Run this again with --secret-key-file, or let their people make new ones in Account & Settings.`
      : `Left out: ${counted(tally.left_out, "personal tokens")}, because ${removed}.`,
  );
}

async function begin({ source }: MigrationContext, name: string, table: string): Promise<Tally> {
  return { name, there: await source.count(table), moved: 0, before: 0, left_out: 0, here: 0 };
}
