import { now } from "../common/timestamps.ts";
import type { Timestamp } from "../common/timestamps.ts";
import { parseDjangoHash } from "../security/django-hash.ts";
import type { MigratedUser } from "./target/people.ts";
import { copyRows } from "./copy-rows.ts";
import { MigrationError } from "./migration-context.ts";
import type { MigrationContext } from "./migration-context.ts";
import { assertAllCounted, formatCount, joinNames } from "./report.ts";
import type { Source, SourceRow } from "./source.ts";
import * as schema from "./source-schema.ts";

type SourceUser = SourceRow<typeof schema.user>;

/** A migrated user with a profile image. `id` is in the target, `avatar` the path of the file in the media folder. */
export interface AvatarSource {
  id: number;
  email: string;
  avatar: string;
}

/** Throws MigrationError if emails differ in case only: this server ignores the case. */
export async function assertDistinctEmails(source: Source): Promise<void> {
  const usersByEmail = new Map<string, string>();
  const duplicates: string[] = [];
  for await (const rows of source.batches(schema.userEmail)) {
    for (const { id, email } of rows) {
      const normalized = normalizeEmail(email);
      const other = usersByEmail.get(normalized);
      if (other !== undefined) duplicates.push(`${other} and ${email} (${id})`);
      else usersByEmail.set(normalized, `${email} (${id})`);
    }
  }
  if (duplicates.length > 0)
    throw new MigrationError(
      `Emails that differ in capitals only would be one person here: ${joinNames(duplicates)}. Change one of each there, then try again; nothing was moved.`,
    );
}

/** Migrates users with their membership and password. Returns the new active members with a profile image. */
export async function migratePeople(migration: MigrationContext): Promise<AvatarSource[]> {
  const { source, target, report, organization } = migration;
  const { byUser, total } = await readMemberships(source, organization.source_id);
  const before = await target.count("organization_members");
  const lastMembership = await source.lastId(schema.organizationMember.name);
  const counts = { name: "memberships", in_source: total, migrated: 0, existing: 0, skipped: 0, in_target: 0 };
  const avatarSources: AvatarSource[] = [];
  const withoutPassword: string[] = [];
  const existing: string[] = [];
  let nonMembers = 0;
  let duplicates = 0;
  let rowsOfNewUsers = 0;

  await copyRows(migration, {
    name: "people",
    from: schema.user,
    to: "users",
    async convert(rows) {
      const idsByEmail = await target.people.idsByEmail(rows.map(({ email }) => normalizeEmail(email)));
      return rows.map((row) => {
        const id = idsByEmail.get(normalizeEmail(row.email));
        if (id !== undefined) {
          existing.push(normalizeEmail(row.email));
          return { existing_id: id };
        }
        const membership = byUser.get(row.id ?? 0);
        const membership_id = membership?.id ?? lastMembership + ++nonMembers;
        const user = convertUser(row, membership, migration.is_empty ? membership_id : undefined);
        rowsOfNewUsers += membership?.rows ?? 0;
        duplicates += Math.max(0, (membership?.rows ?? 0) - 1);
        if (!user.password) withoutPassword.push(`${user.email} (${hasherOf(row.password)})`);
        return { row: () => user };
      });
    },
    async insert(users) {
      await target.people.add(organization.target_id, users);
      for (const { id, email, avatar, membership } of users)
        if (avatar && membership.deleted_at === null) avatarSources.push({ id, email, avatar });
    },
  });

  counts.migrated = rowsOfNewUsers - duplicates;
  counts.skipped = duplicates;
  counts.existing = total - rowsOfNewUsers;
  counts.in_target = (await target.count("organization_members")) - nonMembers;
  assertAllCounted(counts, before);
  report.counts.push(counts);
  if (duplicates > 0)
    report.notes.push(`Left out: ${formatCount(duplicates, "memberships")}, because the same person has another.`);
  if (nonMembers > 0)
    report.notes.push(
      `No members there, and removed ones here, so that their work keeps its author: ${formatCount(nonMembers, "people")}.`,
    );
  if (existing.length > 0)
    report.notes.push(
      `Here before with the same email, so that password and profile stay as they are here: ${joinNames(existing)}.`,
    );
  if (withoutPassword.length > 0)
    report.notes.push(
      `Without a password that can be used, until they set one by a link of label-studio user reset-link --username EMAIL, or of their page under People: ${joinNames(withoutPassword)}.`,
    );
  return avatarSources;
}

/** The membership of a user; Label Studio may have several rows for it. */
interface Membership {
  id: number;
  created_at: Timestamp;
  /** When the user was removed; null if one of the rows is active. */
  deleted_at: Timestamp | null;
  rows: number;
}

/** Returns the memberships of an organization by the source ids of users, and the number of their rows. */
async function readMemberships(
  source: Source,
  organization_id: number,
): Promise<{ byUser: Map<number, Membership>; total: number }> {
  const byUser = new Map<number, Membership>();
  let total = 0;
  for await (const rows of source.batches(schema.organizationMember, ["organization_id = ?", organization_id])) {
    total += rows.length;
    for (const { id, user_id, created_at, deleted_at } of rows) {
      if (id === null || user_id === null) continue;
      const before = byUser.get(user_id);
      byUser.set(user_id, {
        id: before?.id ?? id,
        created_at: before?.created_at ?? created_at ?? now(),
        deleted_at: before ? laterOrNull(before.deleted_at, deleted_at) : deleted_at,
        rows: (before?.rows ?? 0) + 1,
      });
    }
  }
  return { byUser, total };
}

/** Returns null if one of them is null: that membership is active. */
function laterOrNull(one: Timestamp | null, other: Timestamp | null): Timestamp | null {
  if (one === null || other === null) return null;
  return one > other ? one : other;
}

function normalizeEmail(email: string | null): string {
  return (email ?? "").toLowerCase();
}

function convertUser(
  row: SourceUser,
  membership: Membership | undefined,
  membership_id: number | undefined,
): Omit<MigratedUser, "id"> & { avatar: string | null } {
  const date_joined = row.date_joined ?? now();
  const hash = parseDjangoHash(row.password ?? "");
  const { created_at, deleted_at } = membership ?? { created_at: date_joined, deleted_at: now() };
  return {
    email: normalizeEmail(row.email),
    username: row.username ?? "",
    first_name: row.first_name ?? "",
    last_name: row.last_name ?? "",
    phone: row.phone ?? "",
    custom_hotkeys: row.custom_hotkeys?.startsWith("{") ? row.custom_hotkeys : "{}",
    allow_newsletters: row.allow_newsletters,
    date_joined,
    last_activity: row.last_activity ?? date_joined,
    last_seen_at: lastSeenAt(row, date_joined),
    is_active: row.is_active !== false && row.is_deleted !== true,
    password: hash && { hash: row.password ?? "", iterations: hash.iterations },
    membership: { ...(membership_id !== undefined && { id: membership_id }), created_at, deleted_at },
    avatar: row.avatar,
  };
}

/** Label Studio sets the last activity when it makes an account, so within that minute only a log-in is a sign of use. */
function lastSeenAt({ last_activity, last_login }: SourceUser, date_joined: Timestamp): Timestamp {
  const minute = (timestamp: Timestamp) => timestamp.slice(0, 16);
  const isUsed = last_login !== null || (last_activity !== null && minute(last_activity) > minute(date_joined));
  return isUsed ? (last_activity ?? last_login ?? date_joined) : "";
}

/** Returns why a password is not migrated: its hasher, or that there is none. */
function hasherOf(password: string | null): string {
  if (!password || password.startsWith("!")) return "had none";
  return /^[a-z0-9_]+(?=\$)/.exec(password)?.[0] ?? "of an unknown kind";
}
