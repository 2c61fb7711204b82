import { z } from "zod";

import { limits } from "../common/limits.ts";
import { maxId, parseId } from "../common/ids.ts";
import { templates } from "../label-config/templates.ts";
import { labelConfigError } from "../label-config/validation/validate.ts";
import { checkbox } from "./form.ts";

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
    .pipe(z.number().min(1, "Enter at least 1.").max(maxId, "That many people there aren't.")),
  show_skip_button: checkbox,
});

/** Search and page of the project list; invalid parameters are ignored. */
export const projectsQuery = z.object({
  q: z.string().trim().max(limits.search).catch(""),
  page: z
    .string()
    .regex(/^[1-9]\d{0,5}$/)
    .transform(Number)
    .catch(1),
});

/** Filter and cursor (task ids) of a project's task table; invalid parameters are ignored. */
export const tasksQuery = z.object({
  labeled: z.enum(["yes", "no", ""]).catch(""),
  person: id(),
  after: id(),
  before: id(),
});

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
