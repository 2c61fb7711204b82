import { Router } from "@koa/router";

import type { AppContext, SignedIn } from "../context.ts";
import { submit } from "../forms/form.ts";
import { newProjectForm, projectsQuery, tasksQuery } from "../forms/projects.ts";
import { findProjectFromUrl } from "../http/project-from-url.ts";
import { buildLabelForm } from "../label-config/form/label-form.ts";
import { parseLabelConfig } from "../label-config/parse-label-config.ts";
import { templates } from "../label-config/templates.ts";
import { taskTable } from "../pages/task-table.ts";
import type { Member } from "../repositories/accounts/members.ts";

/** The project list, a new project, and a project with its tasks. */
export const projects = new Router<SignedIn, AppContext>({ prefix: "/projects" });

const pageSize = 30;

projects.get("/", async (ctx) => {
  const { q, page } = projectsQuery.parse(ctx.query);
  const query = { title: q };
  const listed = await ctx.repositories.projects.list(query, { offset: (page - 1) * pageSize, limit: pageSize });
  const isComplete = page === 1 && listed.length < pageSize;
  const count = isComplete ? listed.length : await ctx.repositories.projects.count(query);
  ctx.render("projects/index", {
    projects: listed,
    people: byId(await ctx.repositories.members.listByIds(listed.map(({ created_by_id }) => created_by_id))),
    q,
    count,
    previous: page > 1 && `?${queryString({ q, page: page - 1 })}`,
    next: page * pageSize < count && `?${queryString({ q, page: page + 1 })}`,
  });
});

projects.get("/new", (ctx) => {
  ctx.render("projects/new", { values: { template: templates[0]?.id }, templates: templatesWithPreviews() });
});

projects.post("/", async (ctx) => {
  const form = await submit(newProjectForm, ctx.request.body);
  if (form.ok) {
    const project = await ctx.repositories.projects.create(ctx.state.organization.id, ctx.state.user.id, form.data);
    ctx.flash("Your project is ready. Import what you want to label.");
    ctx.redirect(`/projects/${project.id}`);
  } else {
    ctx.status = 422;
    ctx.render("projects/new", { ...form, templates: templatesWithPreviews() });
  }
});

projects.get("/:id", async (ctx) => {
  const project = await findProjectFromUrl(ctx);
  const { labeled, person, ...cursor } = tasksQuery.parse(ctx.query);
  const filter = { annotator_id: person, is_labeled: labeled ? labeled === "yes" : undefined };
  const { tasks, previous, next } = await taskTable(ctx, project.id, filter, cursor);
  const annotators = tasks.flatMap((task) => task.annotators);
  const people = await ctx.repositories.members.listByIds([project.created_by_id, ...annotators], project.id);
  ctx.render("projects/show", {
    project,
    tasks,
    people: byId(people),
    labelers: people,
    labeled,
    person,
    previous: previous && `?${queryString({ labeled, person, before: previous })}`,
    next: next && `?${queryString({ labeled, person, after: next })}`,
  });
});

/** The templates, each with a preview of its form on sample data. */
function templatesWithPreviews() {
  return templates.map((template) => ({
    ...template,
    form: buildLabelForm(parseLabelConfig(template.label_config).root, template.sample),
  }));
}

function byId(people: Member[]): Record<number, Member> {
  return Object.fromEntries(people.map((member) => [member.user.id, member]));
}

function queryString(query: Record<string, string | number | undefined>): string {
  const parameters = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value ? [[name, String(value)]] : [],
  );
  return new URLSearchParams(parameters).toString();
}
