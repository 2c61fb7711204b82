import { z } from "zod";

import { parseId, maxId } from "../common/ids.ts";
import { labelConfigError } from "../label-config/validation/validate.ts";
import { templates } from "../label-config/templates.ts";
import { checkbox } from "./form.ts";

const title = z
  .string("Give the project a title.")
  .trim()
  .min(3, { error: ({ input }) => (input ? "Use at least 3 characters." : "Give the project a title.") })
  .max(50, "Use at most 50 characters.");

const description = text();

const labelConfig = z
  .string("Choose a labeling setup.")
  .transform((setup) => setup.replaceAll("\r\n", "\n"))
  .superRefine((setup, context) => {
    const problem = setup.trim()
      ? labelConfigError(setup)
      : { explanation: "Write the labeling setup, or choose one above." };
    if (problem) context.addIssue(problem.explanation);
  });

/** `template` is the id of one, or `xml` for a setup that comes as text. */
export const newProjectForm = z.preprocess(
  (sent) => ({ ...Object(sent), label_config: chosenSetup(Object(sent)) }),
  z.object({ title, description, label_config: labelConfig }),
);

export const projectSettingsForm = z.object({
  title,
  description,
  label_config: labelConfig,
  expert_instruction: text(),
  show_instruction: checkbox,
  maximum_annotations: z
    .string("Enter a number of people.")
    .trim()
    .regex(/^\d+$/, "Enter a whole number of people.")
    .transform(Number)
    .pipe(z.number().min(1, "Enter at least 1.").max(maxId, "That many people there aren't.")),
  show_skip_button: checkbox,
});

/** Search and page of the list of projects; what can't be read is left out. */
export const projectsQuery = z.object({
  q: z.string().trim().max(256).catch(""),
  page: z
    .string()
    .regex(/^[1-9]\d{0,5}$/)
    .transform(Number)
    .catch(1),
});

/** Which tasks of a project, and from which on; what can't be read is left out. */
export const tasksQuery = z.object({
  labeled: z.enum(["yes", "no", ""]).catch(""),
  person: id(),
  after: id(),
  before: id(),
});

function text() {
  return z.string().trim().max(100_000, "Use at most 100,000 characters.").default("");
}

function id() {
  return z
    .unknown()
    .transform((value) => parseId(value) || undefined)
    .optional();
}

function chosenSetup({ template, label_config }: { template?: unknown; label_config?: unknown }): unknown {
  return template === "xml" ? label_config : templates.find(({ id }) => id === template)?.label_config;
}
