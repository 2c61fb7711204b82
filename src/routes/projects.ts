import { Router } from "@koa/router";

import type { Moment } from "../clock.ts";
import type { AppContext, Context, SignedIn } from "../context.ts";
import { submit } from "../forms/form.ts";
import { newProjectForm, projectsQuery, tasksQuery } from "../forms/projects.ts";
import { found } from "../found.ts";
import { idIn } from "../ids.ts";
import { formOf } from "../label-config/form.ts";
import { setupOf } from "../label-config/setup.ts";
import { templates } from "../label-config/templates.ts";
import type { Mark } from "../repositories/annotations.ts";
import type { Member } from "../repositories/members.ts";
import type { Task } from "../repositories/tasks.ts";
import { dataInShort } from "../task-data.ts";

/** What the team labels: all projects, a new one, and one with its tasks. */
export const projects = new Router<SignedIn, AppContext>({ prefix: "/projects" });

const pageSize = 30;
const tasksPerPage = 50;

projects.get("/", async (ctx) => {
  const { q, page } = projectsQuery.parse(ctx.query);
  const query = { title: q };
  const shown = await ctx.repositories.projects.list(query, { offset: (page - 1) * pageSize, limit: pageSize });
  const isAll = page === 1 && shown.length < pageSize;
  const count = isAll ? shown.length : await ctx.repositories.projects.count(query);
  ctx.render("projects/index", {
    projects: shown,
    people: byId(await ctx.repositories.members.named(shown.map(({ created_by_id }) => created_by_id))),
    q,
    count,
    previous: page > 1 && `?${address({ q, page: page - 1 })}`,
    next: page * pageSize < count && `?${address({ q, page: page + 1 })}`,
  });
});

projects.get("/new", (ctx) => {
  ctx.render("projects/new", { values: { template: templates[0]?.id }, templates: previews() });
});

projects.post("/", async (ctx) => {
  const form = await submit(newProjectForm, ctx.request.body);
  if (form.ok) {
    const project = await ctx.repositories.projects.create(ctx.state.organization.id, ctx.state.user.id, form.data);
    ctx.flash("Your project is ready. Import what you want to label.");
    ctx.redirect(`/projects/${project.id}`);
  } else {
    ctx.status = 422;
    ctx.render("projects/new", { ...form, templates: previews() });
  }
});

projects.get("/:id", async (ctx) => {
  const project = found(await ctx.repositories.projects.find(idIn(ctx.params.id)));
  const { labeled, person, ...place } = tasksQuery.parse(ctx.query);
  const filter = { person, is_labeled: labeled ? labeled === "yes" : undefined };
  const { tasks, previous, next } = await tasksOnPage(ctx, project.id, filter, place);
  const marks = await ctx.repositories.annotations.marksOf(tasks.map(({ id }) => id));
  const people = await ctx.repositories.members.named(
    [project.created_by_id, ...marks.map(({ completed_by_id }) => completed_by_id)],
    project.id,
  );
  ctx.render("projects/show", {
    project,
    tasks: tasks.map((task) => ({ ...task, short: dataInShort(task.data), ...whoAndWhen(task, marks) })),
    people: byId(people),
    labelers: people,
    labeled,
    person,
    previous: previous && `?${address({ labeled, person, before: previous })}`,
    next: next && `?${address({ labeled, person, after: next })}`,
  });
});

/** The templates, each with the form that it makes of its sample. */
function previews() {
  return templates.map((template) => ({
    ...template,
    form: formOf(setupOf(template.label_config).root, template.sample),
  }));
}

/** One page by key, with the ids that the pages beside it begin at. */
async function tasksOnPage(
  ctx: Pick<Context, "repositories">,
  project_id: number,
  filter: { is_labeled?: boolean | undefined; person?: number | undefined },
  { after, before }: { after?: number | undefined; before?: number | undefined },
): Promise<{ tasks: Task[]; previous: number | undefined; next: number | undefined }> {
  const limit = tasksPerPage + 1;
  const rows = await ctx.repositories.tasks.page(project_id, filter, { after, before, limit });
  const hasMore = rows.length > tasksPerPage;
  const tasks = before ? rows.slice(-tasksPerPage) : rows.slice(0, tasksPerPage);
  return {
    tasks,
    previous: (before ? hasMore : after !== undefined) ? tasks[0]?.id : undefined,
    next: before || hasMore ? tasks.at(-1)?.id : undefined,
  };
}

function whoAndWhen(task: Task, all: Mark[]): { annotators: (number | null)[]; annotated_at: Moment | undefined } {
  const marks = all.filter(({ task_id }) => task_id === task.id);
  return {
    annotators: [...new Set(marks.map(({ completed_by_id }) => completed_by_id))],
    annotated_at: marks
      .map(({ updated_at }) => updated_at)
      .sort()
      .at(-1),
  };
}

function byId(people: Member[]): Record<number, Member> {
  return Object.fromEntries(people.map((member) => [member.user.id, member]));
}

function address(query: Record<string, string | number | undefined>): string {
  const given = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value ? [[name, String(value)]] : [],
  );
  return new URLSearchParams(given).toString();
}
