import { limits } from "../common/limits.ts";
import type { Context, SignedIn } from "../context.ts";
import { sampleTask } from "../imports/examples.ts";
import { editableQuestions, writeQuestions } from "../label-config/edit/questions.ts";
import type { EditableQuestion } from "../label-config/edit/questions.ts";
import type { OmissionNote } from "../label-config/form/omissions.ts";
import type { PageForm } from "../label-config/form/page-parts.ts";
import { parseLabelConfig } from "../label-config/parse-label-config.ts";
import { withFieldName } from "../label-config/task-data.ts";
import { objectMembers } from "../label-config/task-values.ts";
import { countAnswers, lostAnswersMessage } from "../label-config/validation/answers-in-use.ts";
import { labelConfigError } from "../label-config/validation/validate.ts";
import { allowMedia } from "../middleware/security-headers.ts";
import type { Project } from "../repositories/labeling/projects.ts";
import { previewForm, setupOmissions } from "./label-preview.ts";
import { loadProjectHead } from "./project-page.ts";

type SettingsContext = Pick<Context, "repositories" | "render" | "response"> & { state: SignedIn };

/** The label config with the edited questions in it, or errors by field. */
type EditedLabelConfig = { label_config: string } | { errors: Record<string, string[]> };

/** The settings of a project, with a preview of its labeling setup as the form has it. */
export async function renderSettings(
  ctx: SettingsContext,
  project: Project,
  {
    values,
    errors,
    questions = shownQuestions(project),
  }: {
    values: Record<string, unknown>;
    errors?: Record<string, string[] | undefined> | undefined;
    questions?: EditableQuestion[] | undefined;
  },
): Promise<void> {
  allowMedia(ctx);
  ctx.render("projects/settings", {
    ...(await loadProjectHead(ctx, project, "settings")),
    values,
    errors,
    questions,
    preview: await previewOf(ctx, project, values["label_config"], questions),
  });
}

/** The preview of what a form has, alone. */
export async function renderPreview(
  ctx: SettingsContext,
  project: Project,
  label_config: unknown,
  questions: EditableQuestion[],
): Promise<void> {
  allowMedia(ctx);
  ctx.render("projects/_preview", { preview: await previewOf(ctx, project, label_config, questions) });
}

/** Writes edited questions into a label config, and checks that no answer of an annotation loses its question or its option. */
export async function editLabelConfig(
  { repositories }: Pick<Context, "repositories">,
  project: Project,
  label_config: string,
  questions: EditableQuestion[],
): Promise<EditedLabelConfig> {
  const edited = editedQuestions(project, questions);
  if (edited.length === 0 && label_config === project.label_config) return { label_config };
  const duplicates = duplicateErrors(questions);
  if (duplicates) return { errors: duplicates };
  const usage = await countAnswers(repositories.annotations.iterateResults(project.id));
  const isInUse = (name: string, stored: string) => (usage.labels.get(name)?.get(stored) ?? 0) > 0;
  const written = writeQuestions(label_config, edited, isInUse);
  const invalid = labelConfigError(written);
  if (invalid) return { errors: { [errorField(edited)]: [invalid.explanation] } };
  const lost = await lostAnswersMessage(parseLabelConfig(written).parsed_label_config, usage);
  return lost ? { errors: { [errorField(edited)]: [lost] } } : { label_config: written };
}

/** The questions that are few enough for fields. */
function shownQuestions({ label_config }: Project): EditableQuestion[] {
  const questions = editableQuestions(label_config);
  const count = questions.reduce((sum, { answers }) => sum + answers.length, 0);
  return count <= limits.editableAnswers ? questions : [];
}

/** Errors are shown beside the questions if these were edited, else beside the XML. */
function errorField(edited: EditableQuestion[]): string {
  return edited.length > 0 ? "questions" : "label_config";
}

/** The questions that differ from the stored ones, without blank answers. */
function editedQuestions(
  { label_config }: Pick<Project, "label_config">,
  questions: EditableQuestion[],
): EditableQuestion[] {
  const stored = editableQuestions(label_config);
  const filled = questions.map((question) => ({
    ...question,
    answers: question.answers.filter(({ label }) => label !== ""),
  }));
  return filled.filter((question) => {
    const before = stored.find(({ name }) => name === question.name);
    return before && JSON.stringify(before) !== JSON.stringify(question);
  });
}

function duplicateErrors(questions: EditableQuestion[]): Record<string, string[]> | undefined {
  for (const { answers } of questions) {
    const labels = answers.map(({ label }) => label).filter(Boolean);
    const repeated = labels.find((label, index) => labels.indexOf(label) !== index);
    if (repeated !== undefined)
      return { questions: [`“${repeated}” is there twice. Give each answer words of its own.`] };
    const clashing = answers.find(
      ({ stored, label }) => stored === undefined && answers.some((other) => other.stored === label),
    );
    if (clashing)
      return { questions: [`“${clashing.label}” is the first name of another answer. Choose other words.`] };
  }
  return undefined;
}

/** What the label page would show of the first task, or of an example; why it can't be shown. */
async function previewOf(
  { repositories }: Pick<Context, "repositories">,
  project: Project,
  label_config: unknown,
  questions: EditableQuestion[],
): Promise<{ form: PageForm; omissions: OmissionNote[] } | { error: string }> {
  const xml = typeof label_config === "string" ? label_config.replaceAll("\r\n", "\n") : project.label_config;
  const written = writeQuestions(xml, editedQuestions(project, questions), () => false);
  const error = labelConfigError(written);
  if (error) return { error: error.explanation };
  const { data_types } = parseLabelConfig(written);
  const [task] = await repositories.tasks.listAfter(project.id, 0, 1);
  const data = task ? withFieldName(objectMembers(JSON.parse(task.data)), data_types) : sampleTask(data_types);
  return { form: await previewForm(written, data, "preview"), omissions: setupOmissions(written, data) };
}
