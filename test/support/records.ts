import assert from "node:assert/strict";
import type { TestContext } from "node:test";

import type { Knex } from "knex";

import { createProjectDeleter } from "../../src/background/project-deleter.ts";
import { createLogger } from "../../src/common/logger.ts";
import { closeDatabase } from "../../src/database/close.ts";
import { openDatabase } from "../../src/database/open.ts";
import type { Annotation, AnnotationChanges } from "../../src/repositories/labeling/annotations.ts";
import { createRepositories } from "../../src/repositories/index.ts";
import type { Repositories } from "../../src/repositories/index.ts";
import type { ProjectCounts } from "../../src/repositories/counters/project-counts.ts";
import type { Project, ProjectChanges } from "../../src/repositories/labeling/projects.ts";
import type { Task } from "../../src/repositories/labeling/tasks.ts";
import type { User } from "../../src/repositories/accounts/user-columns.ts";
import { assertCountersMatch } from "./counters.ts";
import { openTestDatabase, locationWithSchema } from "./database.ts";

const keys = { secret_key: "secret", password_cost: 4 };

/** Repositories over a database of their own, and what makes records in it. */
export interface Records {
  database: Knex;
  repositories: Repositories;
  addPeople: (count: number) => Promise<User[]>;
  addProject: (owner: User, settings?: ProjectChanges) => Promise<Project>;
  addTasks: (project: Project, count: number) => Promise<Task[]>;
  annotate: (task: Task, user: User, changes?: AnnotationChanges) => Promise<Annotation>;
  /** Fails unless this project has these numbers, and every number that is kept is right. */
  assertCounts: (project: Project, numbers: Partial<ProjectCounts>) => Promise<void>;
}

export async function openRecords(t: TestContext): Promise<Records> {
  return recordsIn(await openTestDatabase(t));
}

/** Two programs on one database. */
export async function openTwoPrograms(t: TestContext): Promise<[Records, Records]> {
  const databases: Knex[] = [];
  t.after(async () => {
    for (const database of databases) await closeDatabase(database);
  });
  const place = await locationWithSchema(t);
  databases.push(openDatabase(place), openDatabase(place));
  const [one, other] = databases.map(recordsIn) as [Records, Records];
  return [one, other];
}

function recordsIn(database: Knex): Records {
  const repositories = createRepositories(database, keys);
  return { database, repositories, ...makers(repositories) };
}

function makers(repositories: Repositories): Omit<Records, "database" | "repositories"> {
  let made = 0;
  return {
    async addPeople(count) {
      const people: User[] = [];
      while (people.length < count)
        people.push(await repositories.users.create({ email: `person${++made}@example.com` }));
      return people;
    },
    async addProject(owner, settings = {}) {
      const organization = await repositories.organizations.first();
      return repositories.projects.create(organization?.id ?? 0, owner.id, { title: "Reviews", ...settings });
    },
    async addTasks(project, count) {
      const tasks: Task[] = [];
      while (tasks.length < count) {
        const values = { data: '{"text": "A text"}', meta: "{}" };
        tasks.push(await repositories.tasks.create(project, values, project.maximum_annotations));
      }
      return tasks;
    },
    async annotate(task, user, changes = {}) {
      const annotation = await repositories.annotations.create(task.id, user.id, changes);
      assert.ok(annotation);
      return annotation;
    },
    async assertCounts(project, numbers) {
      const found = await repositories.projects.find(project.id);
      const kept = Object.fromEntries(Object.keys(numbers).map((name) => [name, found?.[name as keyof ProjectCounts]]));
      assert.deepEqual(kept, numbers);
      await assertCountersMatch(repositories);
    },
  };
}

/** Deletes a project with all that belongs to it. */
export async function deleteProject(repositories: Repositories, { id }: Pick<Project, "id">): Promise<void> {
  const log = createLogger("error", process.stderr);
  const { finished } = await createProjectDeleter(repositories, log).start(id);
  await finished;
}
