import { RawJson, stringifyJson } from "../common/raw-json.ts";
import { presentFileUpload } from "../presenters/file-upload.ts";
import { formatTimestamp } from "../presenters/timestamp.ts";
import { presentEvent } from "../presenters/event.ts";
import type { Repositories } from "../repositories/index.ts";
import type { Person } from "../repositories/accounts/people.ts";
import { writeZip } from "./zip.ts";
import type { ZipEntry } from "./zip.ts";

/** Rows that are read at a time. */
const batchSize = 100;

/** The zip of what is known of a person: profile, picture, projects, uploads, annotations and events. Throws the signal's reason. */
export function writeTakeOut(repositories: Repositories, person: Person, signal: AbortSignal): AsyncGenerator<Buffer> {
  return writeZip(takeOutFiles(repositories, person, signal));
}

async function* takeOutFiles(
  repositories: Repositories,
  person: Person,
  signal: AbortSignal,
): AsyncGenerator<ZipEntry> {
  const json = (values: AsyncIterable<unknown>) => jsonLines(values, signal);
  yield { name: "profile.json", content: `${JSON.stringify(await readProfile(repositories, person), null, 2)}\n` };
  const avatar = person.avatar === null ? undefined : await repositories.avatars.find(person.avatar);
  if (avatar) yield { name: `picture.${avatar.type === "image/png" ? "png" : "jpg"}`, content: avatar.image };
  yield { name: "projects.json", content: json(readProjects(repositories, person.id)) };
  yield { name: "uploads.json", content: json(readUploads(repositories, person.id)) };
  yield { name: "annotations.json", content: json(readAnnotations(repositories, person.id)) };
  yield { name: "events.json", content: json(readEvents(repositories, person.id)) };
}

/** A JSON array with a value on each line. */
async function* jsonLines(values: AsyncIterable<unknown>, signal: AbortSignal): AsyncGenerator<string> {
  let separator = "[\n";
  for await (const value of values) {
    signal.throwIfAborted();
    yield separator + stringifyJson(value);
    separator = ",\n";
  }
  yield separator === "[\n" ? "[]\n" : "\n]\n";
}

async function readProfile({ organizations, sessions, members }: Repositories, person: Person) {
  const organization = await organizations.first();
  const member = await members.find(person.id);
  const {
    status,
    custom_hotkeys,
    last_seen_at,
    avatar: _avatar,
    last_activity: _last_activity,
    invited_by_id: _inviter,
    invitation_id: _invitation,
    ...profile
  } = person;
  return {
    ...profile,
    status,
    is_owner: organization?.created_by_id === person.id,
    organization: organization?.title,
    member_since: member?.created_at,
    last_activity: last_seen_at || null,
    custom_hotkeys: JSON.parse(custom_hotkeys) as unknown,
    sessions: (await sessions.list(person.id)).map(({ id: _id, ...session }) => session),
  };
}

async function* readProjects({ takeOuts }: Repositories, user_id: number): AsyncGenerator<unknown> {
  for (const { created_by_id, ...project } of await takeOuts.listProjects(user_id))
    yield { ...project, created_at: formatTimestamp(project.created_at), is_creator: created_by_id === user_id };
}

/** The files that they uploaded, by name: the files themselves belong to the projects. */
async function* readUploads({ fileUploads }: Repositories, user_id: number): AsyncGenerator<unknown> {
  let batch = await fileUploads.listOfUser(user_id, 0, batchSize);
  while (batch.length > 0) {
    for (const { created_at, ...upload } of batch)
      yield { ...presentFileUpload(upload), project: upload.project_id, created_at: formatTimestamp(created_at) };
    batch = await fileUploads.listOfUser(user_id, batch.at(-1)?.id ?? 0, batchSize);
  }
}

async function* readAnnotations({ takeOuts }: Repositories, user_id: number): AsyncGenerator<unknown> {
  for (const { id: project_id } of await takeOuts.listProjects(user_id)) {
    let batch = await takeOuts.listAnnotations({ project_id, user_id }, undefined, batchSize);
    while (batch.length > 0) {
      for (const { id, task_id, result, ...annotation } of batch)
        yield { id, project: project_id, task: task_id, ...annotation, result: new RawJson(result) };
      batch = await takeOuts.listAnnotations({ project_id, user_id }, batch.at(-1), batchSize);
    }
  }
}

/** What they did and what was done to their account; of what others did, where those were stays out. */
async function* readEvents({ events }: Repositories, user_id: number): AsyncGenerator<unknown> {
  let batch = await events.list({ user_id, limit: batchSize });
  while (batch.length > 0) {
    for (const event of batch) {
      const { ip, user_agent, ...record } = presentEvent(event);
      yield event.actor_id === user_id ? { ...record, ip, user_agent } : record;
    }
    batch = await events.list({ user_id, before: batch.at(-1)?.id, limit: batchSize });
  }
}
