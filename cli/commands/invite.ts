import { parseId } from "../../src/common/ids.ts";
import { daysFromNow } from "../../src/common/timestamps.ts";
import { submit } from "../../src/forms/form.ts";
import { invitationForm } from "../../src/forms/invitations.ts";
import { presentInvitation } from "../../src/presenters/invitation.ts";
import { events } from "../../src/repositories/accounts/events.ts";
import { invitations, invitationState } from "../../src/repositories/accounts/invitations.ts";
import type { Invitation, MadeInvitation } from "../../src/repositories/accounts/invitations.ts";
import { organizations } from "../../src/repositories/accounts/organizations.ts";
import { randomToken } from "../../src/security/crypto.ts";
import { decideSignupPolicy } from "../../src/security/signup-policy.ts";
import { linkTo } from "../support/address.ts";
import { CommandError } from "../support/command-error.ts";
import { readExistingConfig } from "../support/config.ts";
import { printLine } from "../support/io.ts";
import type { Io } from "../support/io.ts";
import type { CommandOptions } from "../support/options.ts";
import { table } from "../support/table.ts";
import { withDatabase } from "../support/with-database.ts";
import type { OpenDatabase } from "../support/with-database.ts";

/** What the fields of the form are called here. */
const optionNames: Record<string, string> = { note: "--note", only_for: "--only-for", days: "--days", uses: "--uses" };

const batchSize = 1000;

/** Makes an invitation link with limits, and prints it: the only time that it can be seen. */
export async function create(io: Io, options: CommandOptions): Promise<void> {
  const config = readExistingConfig(io, options);
  await withDatabase(io, config, async (open) => {
    const { database, keys } = open;
    const organization = await organizations(database, keys.cipher).first();
    if (!organization)
      throw new CommandError("There is no organization yet to invite to. Make its owner with: label-studio init");
    const { note, only_for, uses, days } = await readLimits(options, decideSignupPolicy(organization, config));
    const token = randomToken(43);
    const expires_at = days === null ? null : daysFromNow(days);
    const limits = { note, ...only_for, max_uses: uses, expires_at, created_by_id: null };
    const { invitation } = await invitations(database).create(token, limits);
    await record(open, "invitation_created", invitation);
    const url = linkTo(config, `/user/signup/?token=${token}`);
    if (options.json) printLine(io.stdout, JSON.stringify({ ...presentInvitation(invitation, []), url }));
    else printLine(io.stdout, url);
    if (!options.json) printLine(io.stderr, `Invitation ${invitation.id}. Copy the link: it can't be shown again.`);
    if (!config.host)
      printLine(io.stderr, "Note: without LABEL_STUDIO_HOST the link begins with the address on this machine.");
  });
}

/** Lists all invitations with limits, oldest first. */
export async function list(io: Io, options: CommandOptions): Promise<void> {
  await withDatabase(io, readExistingConfig(io, options), async ({ database }) => {
    const all: MadeInvitation[] = [];
    const count = await invitations(database).count();
    for (let offset = 0; offset < count; offset += batchSize)
      all.push(...(await invitations(database).list({ offset, limit: batchSize })));
    all.reverse();
    const guests = options.json
      ? await invitations(database).listGuests(
          all.map(({ id }) => id),
          batchSize,
        )
      : [];
    if (options.json) return printLine(io.stdout, JSON.stringify(all.map((each) => presentInvitation(each, guests))));
    const heads = ["id", "state", "note", "only for", "by", "ends in", "joined", "expires"];
    for (const line of table(heads, all.map(describe))) printLine(io.stdout, line);
  });
}

/** Ends an invitation by its id, as `list` prints it. */
export async function revoke(io: Io, options: CommandOptions, id: string): Promise<void> {
  await withDatabase(io, readExistingConfig(io, options), async (open) => {
    const repository = invitations(open.database);
    const invitation = await repository.find(parseId(id));
    if (!invitation) throw new CommandError(`No invitation has the id ${id}. \`label-studio invite list\` shows them.`);
    const changed = await repository.revoke(invitation.id);
    if (!changed) throw new CommandError(`Invitation ${invitation.id} was revoked before.`);
    await record(open, "invitation_revoked", invitation);
    const revoked = (await repository.find(invitation.id)) ?? invitation;
    const guests = await repository.listGuests([invitation.id], batchSize);
    if (options.json) printLine(io.stdout, JSON.stringify(presentInvitation(revoked, guests)));
    else printLine(io.stdout, `Invitation ${invitation.id} revoked. Those who joined by it stay: ${invitation.uses}.`);
  });
}

async function readLimits(
  { note, onlyFor, days, never, uses }: CommandOptions,
  policy: { domains: string[] | undefined },
) {
  const fields = { note, only_for: onlyFor, days: never ? "never" : days, uses };
  const form = await submit(invitationForm(policy), fields);
  if (form.ok) return form.data;
  const [field = "", messages] = Object.entries(form.errors)[0] ?? [];
  throw new CommandError(`${optionNames[field]} can't be used: ${(messages ?? []).join(" ")}`);
}

function describe(invitation: MadeInvitation): string[] {
  const { id, note, email, domain, creator, last_four, uses, max_uses, expires_at } = invitation;
  return [
    String(id),
    invitationState(invitation).replace("_", " "),
    // As JSON, since what people type may hold what a terminal obeys.
    note && JSON.stringify(note),
    email || domain,
    creator?.email ?? "",
    last_four,
    max_uses === null ? String(uses) : `${uses} of ${max_uses}`,
    expires_at?.slice(0, 10) ?? "never",
  ];
}

async function record(
  { database }: OpenDatabase,
  name: "invitation_created" | "invitation_revoked",
  { id, note }: Invitation,
): Promise<void> {
  await events(database).add({ name, actor_id: null, subject_id: null, details: { name: note, invitation: id } });
}
