import type { MakeAvatar } from "../images/avatars.ts";
import { copiedTables } from "./writer/writer.ts";
import type { CopiedTable, Writer } from "./writer/writer.ts";
import { moveAnnotations, moveDrafts } from "./annotations.ts";
import { moveAvatars } from "./avatars.ts";
import { idRanges } from "./id-runs.ts";
import type { IdRanges } from "./id-runs.ts";
import { unsupportedData } from "./left-behind.ts";
import { MigrationError } from "./move.ts";
import type { MigrationContext, OnProgress } from "./move.ts";
import { findOrganization, fingerprintOf, moveOrganization } from "./organization.ts";
import { movePeople, refuseDoubleEmails } from "./people.ts";
import { moveFileUploads, moveProjects } from "./projects.ts";
import type { Report } from "./report.ts";
import type { Source } from "./source.ts";
import { movePredictions, moveTasks } from "./tasks.ts";
import { moveLegacyTokens, movePersonalTokens } from "./tokens.ts";

export interface MigrationOptions {
  /** The folder with profile images. */
  media: string | undefined;
  makeAvatar: MakeAvatar;
  /** The source's, which its personal tokens are signed with. */
  secret_key: string | undefined;
  /** The server's. */
  own_key: string;
  /** Whether people and work may be here already. */
  into_existing: boolean;
  tell: OnProgress;
}

/** Moves all of a Label Studio here, and says what became of it. Throws MoveInError; nothing must be kept then. */
export async function migrateAll(source: Source, to: Writer, options: MigrationOptions): Promise<Report> {
  const there = await findOrganization(source);
  const fingerprint = fingerprintOf(there);
  const is_repeated = await to.sources.isKnown(fingerprint);
  const is_empty = await to.isEmpty();
  if (!is_empty && !is_repeated && !options.into_existing)
    throw new MigrationError(
      "There are people here already, and nothing was moved: choose an empty database or, to add to this one, --into-existing.",
    );
  await refuseDoubleEmails(source);

  const { secret_key, own_key, tell } = options;
  const key = secret_key === undefined ? "none" : secret_key === own_key ? "ours" : "theirs";
  const source_id = await to.sources.note(fingerprint, key === "theirs" ? secret_key : undefined);
  const report: Report = { title: there.title ?? "", is_repeated, tallies: [], notes: [] };
  const here = await moveOrganization(source, to, there, report);
  const ids = await knownIds(to, source_id);
  const organization = { there: there.id, here };
  const move: MigrationContext = {
    source,
    to,
    source_id,
    organization,
    is_empty,
    ids,
    touched: new Set(),
    report,
    tell,
  };

  const withAvatar = await movePeople(move);
  const owner = is_empty ? ids.users.get(there.created_by_id) : undefined;
  if (owner !== undefined) await to.organization.setOwner(here, owner);
  await moveLegacyTokens(move);
  await movePersonalTokens(move, key);
  await moveAvatars(move, withAvatar, options);
  const keptNumbers = await moveProjects(move);
  await moveFileUploads(move);
  await moveTasks(move, keptNumbers);
  await movePredictions(move);
  await moveAnnotations(move);
  await moveDrafts(move);
  await count(move);
  report.notes.push(...(await unsupportedData(source)));
  return report;
}

async function knownIds(to: Writer, source_id: number): Promise<Record<CopiedTable, IdRanges>> {
  const known: [CopiedTable, IdRanges][] = [];
  for (const table of copiedTables) known.push([table, idRanges(await to.sources.runs(source_id, table))]);
  return Object.fromEntries(known) as Record<CopiedTable, IdRanges>;
}

/** All numbers that pages show of what rows came to. */
async function count({ to, touched, tell, report }: MigrationContext): Promise<void> {
  const total = report.tallies.find(({ name }) => name === "tasks")?.there ?? 0;
  let done = 0;
  for (const id of touched) {
    await to.recounts.tasks(id, (counted) => {
      done += counted;
      tell({ name: "counting", done: Math.min(done, total), total });
    });
    await to.recounts.project(id);
  }
  if (report.tallies.some(({ moved }) => moved > 0)) await to.recounts.everyone();
}
