import * as z from "zod";

import { RawJson } from "../common/raw-json.ts";
import type { Member } from "../repositories/accounts/members.ts";
import type { Annotation } from "../repositories/labeling/annotations.ts";
import type { Draft } from "../repositories/labeling/drafts.ts";
import type { Prediction } from "../repositories/labeling/predictions.ts";
import { rawJsonList } from "./raw-json.ts";
import { timestamp, formatTimestamp } from "./timestamp.ts";
import { presentMemberUser } from "./user.ts";
import type { UserContext } from "./user.ts";

const annotator = z.object({
  id: z.int(),
  first_name: z.string(),
  last_name: z.string(),
  avatar: z.string().nullable(),
  email: z.string(),
  initials: z.string(),
});

export const annotationRecord = z
  .object({
    id: z.int(),
    result: rawJsonList,
    created_username: z.string(),
    created_ago: z.string(),
    completed_by: z.int().nullable(),
    was_cancelled: z.boolean().describe("a skip"),
    ground_truth: z.boolean(),
    created_at: timestamp,
    updated_at: timestamp,
    draft_created_at: timestamp.nullable(),
    lead_time: z.number().nullable().describe("seconds"),
    import_id: z.int().nullable(),
    last_action: z.string().nullable(),
    bulk_created: z.boolean(),
    task: z.int(),
    project: z.int(),
    updated_by: z.int().nullable(),
    parent_prediction: z.int().nullable(),
    parent_annotation: z.int().nullable(),
    last_created_by: z.int().nullable(),
  })
  .meta({ id: "Annotation" });

/** An annotation in the answer for a single task: with its annotator as a record. */
export const fullAnnotationRecord = annotationRecord
  .extend({ completed_by: annotator.nullable() })
  .meta({ id: "AnnotationOfTask" });

export const predictionRecord = z
  .object({
    id: z.int(),
    result: rawJsonList,
    model_version: z.string(),
    created_ago: z.string(),
    score: z.number().nullable(),
    cluster: z.int().nullable(),
    neighbors: rawJsonList,
    mislabeling: z.number(),
    created_at: timestamp,
    updated_at: timestamp,
    model: z.null(),
    model_run: z.null(),
    task: z.int(),
    project: z.int(),
  })
  .meta({ id: "Prediction" });

export const draftRecord = z
  .object({
    id: z.int(),
    user: z.string(),
    created_username: z.string(),
    created_ago: z.string(),
    result: rawJsonList,
    lead_time: z.number().nullable(),
    was_postponed: z.boolean(),
    import_id: z.null(),
    created_at: timestamp,
    updated_at: timestamp,
    task: z.int(),
    annotation: z.int().nullable(),
  })
  .meta({ id: "Draft" });

export function presentAnnotation(
  annotation: Annotation,
  creator: Member | undefined,
  context: UserContext,
): z.output<typeof annotationRecord> {
  const author = {
    id: annotation.id,
    result: new RawJson(annotation.result),
    created_username: creatorName(creator, context),
    created_ago: ago(annotation.created_at),
    completed_by: annotation.completed_by_id,
  };
  return Object.assign(author, presentAnnotationState(annotation), presentAnnotationRelations(annotation));
}

/** Fields that the API and the exports have in common, in the order of Label Studio. */
export function presentAnnotationState(annotation: Annotation) {
  return {
    was_cancelled: annotation.was_cancelled,
    ground_truth: annotation.ground_truth,
    created_at: formatTimestamp(annotation.created_at),
    updated_at: formatTimestamp(annotation.updated_at),
    draft_created_at: annotation.draft_created_at && formatTimestamp(annotation.draft_created_at),
    lead_time: annotation.lead_time,
  };
}

/** More fields that the API and the exports have in common, in the order of Label Studio. */
export function presentAnnotationRelations(annotation: Annotation) {
  return {
    import_id: annotation.import_id,
    last_action: annotation.last_action,
    bulk_created: false,
    task: annotation.task_id,
    project: annotation.project_id,
    updated_by: annotation.updated_by_id,
    parent_prediction: annotation.parent_prediction_id,
    parent_annotation: annotation.parent_annotation_id,
    last_created_by: null,
  };
}

export function presentFullAnnotation(
  annotation: Annotation,
  creator: Member | undefined,
  context: UserContext,
): z.output<typeof fullAnnotationRecord> {
  return Object.assign(presentAnnotation(annotation, creator, context), {
    completed_by: presentAnnotator(creator, context),
  });
}

export function presentPrediction(prediction: Prediction): z.output<typeof predictionRecord> {
  return {
    id: prediction.id,
    result: new RawJson(prediction.result),
    model_version: prediction.model_version,
    created_ago: ago(prediction.created_at),
    score: prediction.score,
    cluster: prediction.cluster,
    neighbors: new RawJson(prediction.neighbors ?? "null"),
    mislabeling: prediction.mislabeling,
    created_at: formatTimestamp(prediction.created_at),
    updated_at: formatTimestamp(prediction.updated_at),
    model: null,
    model_run: null,
    task: prediction.task_id,
    project: prediction.project_id,
  };
}

/** `user` is the draft's owner. */
export function presentDraft(
  draft: Draft,
  user: { id: number; email: string; first_name?: string; last_name?: string },
): z.output<typeof draftRecord> {
  const name = `${user.first_name ?? ""} ${user.last_name ?? ""}`.trim();
  return {
    id: draft.id,
    user: user.email,
    created_username: `${name} ${user.email}, ${user.id}`.trim(),
    created_ago: ago(draft.created_at),
    result: new RawJson(draft.result),
    lead_time: draft.lead_time,
    was_postponed: draft.was_postponed,
    import_id: null,
    created_at: formatTimestamp(draft.created_at),
    updated_at: formatTimestamp(draft.updated_at),
    task: draft.task_id,
    annotation: draft.annotation_id,
  };
}

function presentAnnotator(member: Member | undefined, context: UserContext): z.output<typeof annotator> | null {
  if (!member) return null;
  const { id, first_name, last_name, avatar, email, initials } = presentMemberUser(member, context);
  return { id, first_name, last_name, avatar, email, initials };
}

/** `<first> <last> <email>, <id>` as in Label Studio, which leaves the space of a missing name. */
function creatorName(member: Member | undefined, context: UserContext): string {
  if (!member) return "";
  const { id, first_name, last_name, email } = presentMemberUser(member, context);
  return `${first_name || last_name ? `${first_name} ${last_name}`.trim() : ""} ${email}, ${id}`;
}

const units: [string, number][] = [
  ["year", 365 * 86_400],
  ["month", 30 * 86_400],
  ["week", 7 * 86_400],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/**
 * The age in the two largest units, as in Label Studio: "1 hour, 5 minutes", with non-breaking spaces inside a unit.
 */
function ago(time: string): string {
  let seconds = Math.max(0, (Date.now() - Date.parse(time)) / 1000);
  const first = units.findIndex(([, size]) => seconds >= size);
  if (first === -1) return "0\u00A0minutes";
  const parts = units.slice(first, first + 2).map(([unit, size]) => {
    const count = Math.floor(seconds / size);
    seconds -= count * size;
    return count === 0 ? "" : `${count}\u00A0${unit}${count === 1 ? "" : "s"}`;
  });
  return parts.filter(Boolean).join(", ");
}
