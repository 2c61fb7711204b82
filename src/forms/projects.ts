import * as z from "zod";

import { limits } from "../common/limits.ts";
import { maxId, parseId } from "../common/ids.ts";
import { queryString } from "../common/query-string.ts";
import { templates } from "../label-config/templates/index.ts";
import { labelConfigError } from "../label-config/validation/validate.ts";
import type { TaskPosition } from "../repositories/labeling/task-list.ts";
import { checkbox, valuesOf } from "./form.ts";

const title = z
  .string("Give the project a title.")
  .trim()
  .min(3, { error: ({ input }) => (input ? "Use at least 3 characters." : "Give the project a title.") })
  .max(limits.projectTitle, `Use at most ${limits.projectTitle} characters.`);

const description = longText();

const labelConfig = z
  .string("Choose a labeling setup.")
  .transform((xml) => xml.replaceAll("\r\n", "\n"))
  .superRefine((xml, context) => {
    const error = xml.trim()
      ? labelConfigError(xml)
      : { explanation: "Write the labeling setup, or choose one above." };
    if (error) context.addIssue(error.explanation);
  });

/** `template` is the id of a template, or `xml` if `label_config` holds the label config. */
export const newProjectForm = z.preprocess(
  (input) => ({ ...Object(input), label_config: chosenLabelConfig(Object(input)) }),
  z.object({ title, description, label_config: labelConfig }),
);

export const projectSettingsForm = z.object({
  title,
  description,
  label_config: labelConfig,
  expert_instruction: longText(),
  show_instruction: checkbox,
  maximum_annotations: z
    .string("Enter a number of people.")
    .trim()
    .regex(/^\d+$/, "Enter a whole number of people.")
    .transform(Number)
    .pipe(z.number().min(1, "Enter at least 1.").max(maxId, "Enter a smaller number.")),
  show_skip_button: checkbox,
});

/** The tasks that were chosen in a list; other values are ignored. */
export const chosenTasksForm = z.object({
  ids: z
    .unknown()
    .optional()
    .transform((ids) =>
      valuesOf(ids)
        .map(parseId)
        .filter((id) => id > 0),
    )
    .pipe(z.array(z.number()).max(limits.chosenTasks, `Choose at most ${limits.chosenTasks} tasks.`)),
});

/** Search, list and page of the projects; invalid parameters are ignored. */
export const projectsQuery = z.object({
  q: z.string().trim().max(limits.search).catch(""),
  list: z.enum(["mine", "done", "archived"]).optional().catch(undefined),
  page: z
    .string()
    .regex(/^[1-9]\d{0,5}$/)
    .transform(Number)
    .catch(1),
});

/** The position of a task in the address: its place in the list, its id and the time of its last change. */
export interface TaskCursorParameter extends TaskPosition {
  place: number;
}

/** `51.120.2026-11-22T10:22:37.707000Z` */
const taskCursor = z
  .string()
  .regex(/^\d{1,9}\.\d{1,10}\.\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
  .transform((text): TaskCursorParameter => {
    const [place, id, ...updated_at] = text.split(".");
    return { place: Number(place), id: parseId(id), updated_at: updated_at.join(".") };
  })
  .optional()
  .catch(undefined);

const taskSorts = ["number", "-number", "changed", "-changed"] as const;

/** Filter, search, order and page of a project's task list; invalid parameters are ignored. */
export const tasksQuery = z.object({
  state: z.enum(["to-label", "labeled", "skipped"]).optional().catch(undefined),
  person: id(),
  q: z.string().trim().max(limits.search).catch(""),
  sort: z.enum(taskSorts).catch("number"),
  after: taskCursor,
  before: taskCursor,
});

export type TasksQuery = z.output<typeof tasksQuery>;

/** Writes the query for an address, with its `?`; `""` for all tasks in the usual order. */
export function formatTasksQuery({ state, person, q, sort, after, before }: Partial<TasksQuery>): string {
  return queryString({
    state,
    person,
    q,
    sort: sort !== "number" && sort,
    after: after && formatTaskCursor(after),
    before: before && formatTaskCursor(before),
  });
}

function formatTaskCursor({ place, id, updated_at }: TaskCursorParameter): string {
  return `${place}.${id}.${updated_at}`;
}

function longText() {
  return z
    .string()
    .trim()
    .max(limits.longText, `Use at most ${limits.longText.toLocaleString("en")} characters.`)
    .default("");
}

function id() {
  return z
    .unknown()
    .transform((value) => parseId(value) || undefined)
    .optional();
}

function chosenLabelConfig({ template, label_config }: { template?: unknown; label_config?: unknown }): unknown {
  return template === "xml" ? label_config : templates.find(({ id }) => id === template)?.label_config;
}
