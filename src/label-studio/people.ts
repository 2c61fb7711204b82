import { now } from "../common/timestamps.ts";
import { parseDjangoHash } from "../security/django-hash.ts";
import type { MovedPerson } from "./writer/people.ts";
import { memberships } from "./memberships.ts";
import type { Membership } from "./memberships.ts";
import { copyRows } from "./move-rows.ts";
import { MigrationError } from "./move.ts";
import type { MigrationContext } from "./move.ts";
import { checkTally, counted, listed } from "./report.ts";
import type { Source, SourceRow } from "./source.ts";
import * as tables from "./people-tables.ts";

type SourcePerson = SourceRow<typeof tables.htxUser>;

/** Whoever has a profile image, by their ids here. */
export type PeopleWithAvatar = { id: number; email: string; avatar: string }[];

/** Throws MoveInError when two people would be one here, where capitals in an email make no difference. */
export async function refuseDoubleEmails(source: Source): Promise<void> {
  const known = new Map<string, string>();
  const doubles: string[] = [];
  for await (const rows of source.pieces(tables.emails)) {
    for (const { id, email } of rows) {
      const address = addressOf(email);
      const other = known.get(address);
      if (other !== undefined) doubles.push(`${other} and ${email} (${id})`);
      else known.set(address, `${email} (${id})`);
    }
  }
  if (doubles.length > 0)
    throw new MigrationError(
      `Emails that differ in capitals only would be one person here: ${listed(doubles)}. Change one of each there, then try again; nothing was moved.`,
    );
}

/** Moves everyone with their membership and password. Gives those who are new here and have an image. */
export async function movePeople(move: MigrationContext): Promise<PeopleWithAvatar> {
  const { source, to, report, organization } = move;
  const { byPerson, total } = await memberships(source, organization.there);
  const before = await to.count("organization_members");
  const lastMembership = await source.lastId(tables.organizationMember.name);
  const members = { name: "memberships", there: total, moved: 0, before: 0, left_out: 0, here: 0 };
  const withAvatar: PeopleWithAvatar = [];
  const without: string[] = [];
  const same: string[] = [];
  let strangers = 0;
  let doubles = 0;
  let rowsOfNew = 0;

  await copyRows(move, {
    name: "people",
    from: tables.htxUser,
    to: "users",
    async outcomes(rows) {
      const here = await to.people.idsByEmail(rows.map(({ email }) => addressOf(email)));
      return rows.map((row) => {
        const id = here.get(addressOf(row.email));
        if (id !== undefined) {
          same.push(addressOf(row.email));
          return { same: id };
        }
        const membership = byPerson.get(row.id ?? 0);
        const membership_id = membership?.id ?? lastMembership + ++strangers;
        const person = personFrom(row, membership, move.is_empty ? membership_id : undefined);
        rowsOfNew += membership?.rows ?? 0;
        doubles += Math.max(0, (membership?.rows ?? 0) - 1);
        if (!person.password) without.push(`${person.email} (${hasherOf(row.password)})`);
        return { row: () => person };
      });
    },
    async insert(people) {
      await to.people.add(organization.here, people);
      for (const { id, email, avatar, membership } of people)
        if (avatar && membership.deleted_at === null) withAvatar.push({ id, email, avatar });
    },
  });

  members.moved = rowsOfNew - doubles;
  members.left_out = doubles;
  members.before = total - rowsOfNew;
  members.here = (await to.count("organization_members")) - strangers;
  checkTally(members, before);
  report.tallies.push(members);
  if (doubles > 0)
    report.notes.push(`Left out: ${counted(doubles, "memberships")}, because the same person has another.`);
  if (strangers > 0)
    report.notes.push(
      `No members there, and removed ones here, so that their work keeps its author: ${counted(strangers, "people")}.`,
    );
  if (same.length > 0)
    report.notes.push(
      `Here before with the same email, so that password and profile stay as they are here: ${listed(same)}.`,
    );
  if (without.length > 0)
    report.notes.push(
      `Without a password that can be used, until label-studio reset_password sets one: ${listed(without)}.`,
    );
  return withAvatar;
}

function addressOf(email: string | null): string {
  return (email ?? "").toLowerCase();
}

function personFrom(
  row: SourcePerson,
  membership: Membership | undefined,
  membership_id: number | undefined,
): Omit<MovedPerson, "id"> & { avatar: string | null } {
  const date_joined = row.date_joined ?? now();
  const hash = parseDjangoHash(row.password ?? "");
  const { created_at, deleted_at } = membership ?? { created_at: date_joined, deleted_at: now() };
  return {
    email: addressOf(row.email),
    username: row.username ?? "",
    first_name: row.first_name ?? "",
    last_name: row.last_name ?? "",
    phone: row.phone ?? "",
    custom_hotkeys: row.custom_hotkeys?.startsWith("{") ? row.custom_hotkeys : "{}",
    allow_newsletters: row.allow_newsletters,
    date_joined,
    last_activity: row.last_activity ?? date_joined,
    is_active: row.is_active !== false && row.is_deleted !== true,
    password: hash && { hash: row.password ?? "", iterations: hash.iterations },
    membership: { ...(membership_id !== undefined && { id: membership_id }), created_at, deleted_at },
    avatar: row.avatar,
  };
}

/** Why a password is not moved. */
function hasherOf(password: string | null): string {
  if (!password || password.startsWith("!")) return "had none";
  return /^[a-z0-9_]+(?=\$)/.exec(password)?.[0] ?? "of an unknown kind";
}
