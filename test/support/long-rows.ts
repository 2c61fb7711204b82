import { readFileSync } from "node:fs";
import path from "node:path";

import type { Knex } from "knex";

import { packageRoot } from "../../src/common/package.ts";
import { toTimestamp } from "../../src/common/timestamps.ts";
import type { Repositories } from "../../src/repositories/index.ts";
import { addAnswer, addProject, addTasks } from "./projects.ts";

const firstNames = `Amélie Bartholomew Catalina Dimitrios Elisabeth Francisco Giovanna Hendrika Ingeborg Jacqueline
  Katarzyna Leonardo Magdalena`.split(/\s+/);

const lastNames =
  `Andersson-Lindqvist Castellanos Dombrowski Fernandez-Ruiz Grigoropoulos Haraldsson Kowalczyk Montgomery
  Papadopoulos Thorvaldsen Winterbottom`.split(/\s+/);

const hosts = ["harbor-research.example.org", "labeling-partners.example.com", "mail.university.example.edu"];

/** Rows of a page. */
const count = 50;

const pick = (words: string[], number: number): string => words[number % words.length] ?? "";

/** A moment some time ago, longer the larger the number is. */
const before = (number: number): string => toTimestamp(Date.now() - number ** 3 * 7_654_321);

/**
 * Adds a page of people with long names and emails, and a project with more than a page of tasks, whose texts are longer than
 * a list shows and half of which somebody has labeled. Returns the addresses of both lists.
 */
export async function addLongRows(
  app: { repositories: Repositories; database: Knex },
  user: { id: number },
): Promise<string[]> {
  const { repositories, database } = app;
  const people: { id: number }[] = [];
  for (let number = 0; number < count; number++) {
    const [first_name, last_name] = [pick(firstNames, number), pick(lastNames, number * 7)];
    const email = `${first_name}.${last_name}${number}@${pick(hosts, number)}`.toLowerCase().replace("é", "e");
    const { id } = await repositories.users.create({ first_name, last_name, email });
    const last_seen_at = number % 5 ? before(number) : "";
    await database("users")
      .where({ id })
      .update({ date_joined: before(number + 1), last_seen_at });
    people.push({ id });
  }
  const project = await addProject(app, user, { title: "What customers write", description: "Sort by what they feel" });
  const text = readFileSync(path.join(packageRoot, "LICENSE"), "utf8").replaceAll(/\s+/g, " ");
  const texts = Array.from({ length: count + 5 }, (_, number) => text.slice(number * 180, number * 180 + 170));
  for (const [number, task] of (await addTasks(app, project, texts)).entries()) {
    if (number % 2) await addAnswer(app, task, people[number % 7] ?? user, "Positive");
    await database("tasks")
      .where({ id: task.id })
      .update({ updated_at: before(number) });
  }
  return ["/people/", `/projects/${project.id}`];
}
