import { Router } from "@koa/router";

import type { AppContext, Context, SignedIn } from "../context.ts";
import { submit } from "../forms/form.ts";
import { formatTasksQuery, newProjectForm, projectsQuery, tasksQuery } from "../forms/projects.ts";
import type { TasksQuery } from "../forms/projects.ts";
import { savedFilterQuery } from "../forms/saved-filters.ts";
import { findProjectFromUrl } from "../http/project-from-url.ts";
import { templates } from "../label-config/templates/index.ts";
import { compressMost } from "../middleware/compression.ts";
import { previewForm } from "../pages/label-preview.ts";
import { renderProjectList } from "../pages/project-list.ts";
import { byUserId, loadProjectHead, projectHead } from "../pages/project-page.ts";
import { savedFilterPage, viewTitle } from "../pages/saved-filters.ts";
import { countTasks, taskTable } from "../pages/task-table.ts";
import type { View } from "../repositories/labeling/views.ts";
import type { Project } from "../repositories/labeling/projects.ts";

/** The project list, a new project, and a project with its tasks. */
export const projects = new Router<SignedIn, AppContext>({ prefix: "/projects" });

projects.get("/", async (ctx) => {
  await renderProjectList(ctx, projectsQuery.parse(ctx.query));
});

projects.get("/new", async (ctx) => {
  compressMost(ctx);
  ctx.render("projects/new", { values: { template: templates[0]?.id }, templates: await templatesWithPreviews() });
});

projects.post("/", async (ctx) => {
  const form = await submit(newProjectForm, ctx.request.body);
  if (form.ok) {
    const project = await ctx.repositories.projects.create(ctx.state.organization.id, ctx.state.user.id, form.data);
    ctx.flash("Project created");
    ctx.redirect(`/projects/${project.id}`);
  } else {
    ctx.status = 422;
    ctx.render("projects/new", { ...form, templates: await templatesWithPreviews() });
  }
});

projects.get("/:id", async (ctx) => {
  const project = await findProjectFromUrl(ctx);
  const { view: view_id, page } = savedFilterQuery.parse(ctx.query);
  if (view_id !== undefined) return renderSavedFilter(ctx, project, view_id, page);
  const query = tasksQuery.parse(ctx.query);
  const { tasks, from, to, ...pages } = await taskTable(ctx, project, query);
  const people = await ctx.repositories.members.listInProject(project.id, [
    project.created_by_id,
    ctx.state.user.id,
    ...tasks.flatMap(({ annotators }) => annotators),
  ]);
  ctx.render("projects/show", {
    ...projectHead(ctx, project, "", people),
    ...taskListLinks(project, query),
    // A search costs a query more.
    saved: query.q ? [] : savedFilters(await ctx.repositories.views.list(project.id)),
    can_save: query.state !== undefined || query.person !== undefined || query.q !== "" || query.sort !== "number",
    tasks,
    query,
    people: byUserId(people),
    annotators: people.filter(({ progress }) => progress.tasks + progress.skipped_tasks > 0),
    pager: {
      from,
      to,
      total: countTasks(query, project, people) ?? (pages.next || pages.rest ? undefined : to),
      previous: pages.previous && formatTasksQuery(pages.previous),
      next: pages.next && formatTasksQuery(pages.next),
    },
    rest: pages.rest && formatTasksQuery(pages.rest),
  });
});

/** The same page with the tasks of a saved filter. */
async function renderSavedFilter(
  ctx: Context & { state: SignedIn },
  project: Project,
  view_id: number,
  page: number,
): Promise<void> {
  const views = await ctx.repositories.views.list(project.id);
  const view = views.find(({ id }) => id === view_id);
  if (!view) {
    // Bookmarks outlive filters, and so do those of Label Studio's tabs.
    ctx.flash("That filter is no longer there");
    return ctx.redirect(`/projects/${project.id}`);
  }
  const { tasks, total, from, to, problem } = await savedFilterPage(ctx, project, view, page);
  const head = await loadProjectHead(
    ctx,
    project,
    "",
    tasks.flatMap(({ annotators }) => annotators),
  );
  const list = `?view=${view.id}`;
  const links = taskListLinks(project, tasksQuery.parse({}));
  ctx.render("projects/show", {
    ...head,
    pills: links.pills.map((pill) => ({ ...pill, is_current: false })),
    saved: savedFilters(views, view.id),
    view: { id: view.id, title: viewTitle(view) },
    problem,
    tasks,
    query: {},
    list,
    pager: {
      from,
      to,
      total,
      previous: page > 1 && `${list}&page=${page - 1}`,
      next: to < total && `${list}&page=${page + 1}`,
    },
  });
}

/** Links to the saved filters of a project. */
function savedFilters(views: View[], current?: number) {
  return views.map((view) => ({
    label: viewTitle(view),
    href: `?view=${view.id}`,
    is_current: view.id === current,
  }));
}

/** The addresses of other filters and orders of the list; each begins at its first page. */
function taskListLinks({ task_number, finished_task_number, skipped_task_number }: Project, query: TasksQuery) {
  const first = { ...query, after: undefined, before: undefined };
  const pill = (label: string, state: TasksQuery["state"], count: number) => ({
    label,
    href: formatTasksQuery({ ...first, state }) || "?",
    count: query.person || query.q ? undefined : count,
    is_current: query.state === state,
  });
  const column = (name: "number" | "changed", label: string, sort: TasksQuery["sort"]) => ({
    name,
    label,
    direction: query.sort === name ? "ascending" : query.sort === `-${name}` ? "descending" : undefined,
    href: formatTasksQuery({ ...first, sort }) || "?",
  });
  return {
    pills: [
      pill("All", undefined, task_number),
      pill("To label", "to-label", task_number - finished_task_number),
      pill("Labeled", "labeled", finished_task_number),
      pill("Skipped", "skipped", skipped_task_number),
    ],
    columns: {
      number: column("number", "#", query.sort === "number" ? "-number" : "number"),
      changed: column("changed", "When", query.sort === "-changed" ? "changed" : "-changed"),
    },
    clear: `?${formatTasksQuery({ ...first, q: "" }).slice(1)}`,
    /** Goes along to the pages of tasks, so that these lead back here. */
    list: formatTasksQuery(query),
  };
}

/** The templates, each with a preview of its form on sample data. */
async function templatesWithPreviews() {
  return Promise.all(
    templates.map(async (template) => ({
      ...template,
      preview: await previewForm(template.label_config, template.sample, template.id),
    })),
  );
}
