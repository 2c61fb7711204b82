import { toTimestamp } from "../../src/common/timestamps.ts";
import type { User } from "../../src/repositories/accounts/user-columns.ts";
import type { Project } from "../../src/repositories/labeling/projects.ts";
import { password } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { codeOf } from "../support/two-factor.ts";
import { addProject, sentiment, templateSetup } from "../support/projects.ts";

const hour = 3_600_000;
const day = 24 * hour;

/** The hours are since somebody was last here; without any they never logged in. */
const members: [
  first_name: string,
  last_name: string,
  email: string,
  days_since_joined: number,
  hours_since_seen?: number,
][] = [
  ["Ann", "Miller", "ann@example.com", 240, 0],
  ["Ben", "Carter", "ben.carter@example.com", 180, 0],
  ["Chen", "Ito", "chen.ito36@example.com", 30, 0.2],
  ["", "", "cleo-with-a-very-long-address.that.never.ends@subdomain.of.a.very-long-organisation.example.com", 29, 3],
  ["Emma", "Åström", "emma.astrom3@example.com", 200, 9],
  ["Kofi", "Okafor", "kofi.okafor12@example.com", 180, 30],
  ["Luca", "García", "luca.garcia17@example.com", 179, 21 * 24],
  ["Mia", "Ito", "mia.ito16@example.com", 179],
  ["Noah", "Nguyen", "noah.nguyen15@example.com", 140, 48],
  ["نوال", "حسن", "nawal@example.com", 138, 1],
  ["Olga", "Brown", "olga.brown20@example.com", 120, 96],
  ["Priya", "García", "priya.garcia37@example.com", 120, 6],
  ["שרה", "כהן", "sara.cohen@example.com", 115, 0.15],
  ["Wolfeschlegelsteinhausenbergerdorff", "Schaferswessenschafewarenwohlgepflege", "wolf@example.com", 114, 0.18],
];

/** Where Ben is logged in, too. */
const devices = [
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
];

const letters = [
  "The parcel came late and the box was open, but the lamp inside was fine. I called twice; the second person was friendly and sent a voucher.",
  "Great service, thank you!",
  "I was charged twice for the same order and nobody answers the phone; the last person I spoke to promised a refund within three days.",
  "המשלוח הגיע בזמן, תודה רבה!",
  "Where can I change my address?",
  "The lamp blinks twice and forgets its settings.",
  "Do you also deliver on Saturdays?",
  "Thank you, Mr Ito! Could the app also remember my seat?",
  "The soup was cold, but the waiter made up for it.",
  "Please cancel order 4471.",
];

export interface Harbor {
  people: User[];
  projects: Project[];
  invitation: string;
}

/** An organization with people who have labeled for some weeks, so that its pages look as they do after a while. */
export async function buildHarbor(app: TestApp): Promise<Harbor> {
  const { repositories, database } = app;
  const people: User[] = [];
  for (const [first_name, last_name, email] of members)
    people.push(await repositories.users.create({ first_name, last_name, email, password }));
  await database("organizations").update({ title: "Harbor Research", legacy_api_tokens_enabled: true });
  const [ann, ben] = people as [User, User];

  const { id: emma_id = 0 } = people[4] ?? {};
  const { secret, sealed } = await repositories.twoFactor.propose(emma_id);
  await repositories.twoFactor.enable(emma_id, sealed, await codeOf(secret));

  for (const [index, device] of devices.entries())
    await repositories.sessions.create(`device ${index}`, { user_id: ben.id }, device);

  const start = (title: string, description: string, template: string, settings = {}) =>
    addProject(app, ann, { title, description, label_config: templateSetup(template), ...settings });
  const mail = await start(
    "Customer mail",
    "Sort what customers write, so that the right team answers. Ask Ben when unsure.",
    "sentiment",
    {
      expert_instruction: "Label what the person feels, not what happened.\n- When in doubt: Neutral",
      show_instruction: true,
    },
  );
  const answers = await start("Helpful answers", "How many stars does each answer deserve?", "rating");
  const pairs = await start("שאלות ותשובות", "", "pairwise-comparison", { maximum_annotations: 2 });
  await start("Photos of the harbor, autumn walk", "Ships, people, weather", "image-classification");

  const add = async (project: Project, count: number, data: (number: number) => object) => {
    for (let number = 0; number < count; number++)
      await repositories.tasks.create(
        project,
        { data: JSON.stringify(data(number)), meta: "{}" },
        project.maximum_annotations,
      );
    return database("tasks").where({ project_id: project.id }).orderBy("id").select("id");
  };
  const text = (number: number) =>
    `${letters[number % letters.length]}${number < letters.length ? "" : ` (${number + 1})`}`;
  const mails = await add(mail, 125, (number) => ({ text: text(number), source: "web" }));
  const rated = await add(answers, 40, (number) => ({ text: text(number), question: "How did it go?" }));
  await add(pairs, 12, (number) => ({ prompt: "Which is clearer?", first: text(number), second: text(number + 3) }));

  const choices = ["Positive", "Neutral", "Negative"];
  const labelers = [ben, ann, people[2], people[12], people[9]] as User[];
  for (const [index, { id }] of mails.slice(0, 84).entries()) {
    const result = sentiment(choices[(index * 7) % 3] ?? "");
    const labeler = labelers[index % 5 < 2 ? 0 : index % labelers.length];
    await repositories.annotations.create(
      id,
      labeler?.id ?? ben.id,
      index % 14 === 4 ? { result: "[]", was_cancelled: true } : { result },
    );
  }
  for (const [index, { id }] of rated.slice(0, 30).entries()) {
    const result = JSON.stringify([
      { id: "a", from_name: "helpfulness", to_name: "text", type: "rating", value: { rating: 1 + (index % 5) } },
    ]);
    await repositories.annotations.create(id, labelers[(index + 1) % labelers.length]?.id ?? ann.id, { result });
  }
  await spreadOverTime(app, people);
  const event = { ip: "203.0.113.7", user_agent: devices[0] ?? "" };
  const [actor_id, subject_id] = [ann.id, ben.id];
  await repositories.events.add({
    name: "user_created",
    actor_id: subject_id,
    subject_id,
    ...event,
    details: { invited: true },
  });
  await repositories.events.add({ name: "authn_login_fail", actor_id: null, subject_id, ...event });
  await repositories.events.add({ name: "authn_login_success", actor_id: subject_id, subject_id, ...event });
  await repositories.events.add({
    name: "authn_token_created",
    actor_id,
    subject_id: actor_id,
    ...event,
    details: { name: "nightly export" },
  });
  await repositories.events.add({ name: "authn_password_change", actor_id: null, subject_id });
  await repositories.events.add({
    name: "organization_renamed",
    actor_id,
    subject_id: actor_id,
    ...event,
    details: { title: "Harbor Research" },
  });
  return { people, projects: [mail, answers, pairs], invitation: await repositories.organizations.inviteToken(1) };
}

/** Moves what was made a moment ago into the past. */
async function spreadOverTime({ database, repositories: { counters } }: TestApp, people: User[]): Promise<void> {
  const ago = (milliseconds: number) => toTimestamp(Date.now() - milliseconds);
  for (const [index, [, , , days_since_joined, hours_since_seen]] of members.entries()) {
    const date_joined = ago(days_since_joined * day);
    const last_seen_at = hours_since_seen === undefined ? "" : ago(hours_since_seen * hour);
    await database("users")
      .where({ id: people[index]?.id })
      .update({ date_joined, last_activity: last_seen_at || date_joined, last_seen_at });
  }
  const annotations = await database("annotations").orderBy("id").select("id", "completed_by_id");
  for (const [index, { id }] of annotations.entries()) {
    // Some days are busier than others, and the last weeks most of all.
    const before = (annotations.length - index) / annotations.length;
    const at = ago(before ** 2 * 150 * day * (1 - 0.1 * Math.sin(index)) + hour);
    await database("annotations").where({ id }).update({ created_at: at, updated_at: at });
  }
  await database("projects").update({ created_at: ago(32 * day) });
  for (const [table, key] of [
    ["tasks", "task_id"],
    ["projects", "project_id"],
  ] as const) {
    const latest = database("annotations")
      .where(key, database.ref(`${table}.id`))
      .max("updated_at");
    const column = table === "tasks" ? "updated_at" : "last_activity";
    await database(table).update({ [column]: database.raw("coalesce(?, ?)", [latest, ago(30 * day)]) });
  }
  await counters.verify(() => undefined, { repair: true });
}
