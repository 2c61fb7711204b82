import { now } from "../common/timestamps.ts";
import type { Timestamp } from "../common/timestamps.ts";
import type { Source } from "./source.ts";
import * as tables from "./people-tables.ts";

/** Of a person; Label Studio may have several rows for one. */
export interface Membership {
  id: number;
  created_at: Timestamp;
  /** When the person was removed; null while any of the rows stands. */
  deleted_at: Timestamp | null;
  rows: number;
}

/** The memberships of an organization by the ids of people there. */
export async function memberships(
  source: Source,
  organization_id: number,
): Promise<{ byPerson: Map<number, Membership>; total: number }> {
  const byPerson = new Map<number, Membership>();
  let total = 0;
  for await (const rows of source.pieces(tables.organizationMember, ["organization_id = ?", organization_id])) {
    total += rows.length;
    for (const { id, user_id, created_at, deleted_at } of rows) {
      if (id === null || user_id === null) continue;
      const before = byPerson.get(user_id);
      byPerson.set(user_id, {
        id: before?.id ?? id,
        created_at: before?.created_at ?? created_at ?? now(),
        deleted_at: before ? later(before.deleted_at, deleted_at) : deleted_at,
        rows: (before?.rows ?? 0) + 1,
      });
    }
  }
  return { byPerson, total };
}

function later(one: Timestamp | null, other: Timestamp | null): Timestamp | null {
  if (one === null || other === null) return null;
  return one > other ? one : other;
}
