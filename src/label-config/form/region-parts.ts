import type { RegionMarker } from "../regions/kinds.ts";
import { allTags, attribute } from "../xml/tree.ts";
import type { Tag } from "../xml/tree.ts";
import { markerOmission } from "./marker-parts.ts";
import { isControlPart } from "./parts.ts";
import type { Part, RegionCondition, RegionForm, RegionQuestion, RelationsPart, ViewPart } from "./parts.ts";
import { questionOf } from "./questions.ts";

/** Tags that mark parts of an object, in lower case. */
export const regionTags =
  /labels$|^(brush|bitmask|magicwand|ellipse|keypoint|polygon|rectangle|vector|videorectangle|videovector)$/;

/** The names of the objects whose regions can be marked here. */
export function markedObjects(root: Tag, tagsByName: ReadonlyMap<string, Tag>): Set<string> {
  const markers = allTags(root).filter((tag) => regionTags.test(tag.tag.toLowerCase()));
  const shown = markers.filter((tag) => markerOmission(tag, tagsByName) === undefined);
  return new Set(shown.map((tag) => attribute(tag, "toName") ?? ""));
}

/** Which regions a question, or a View of questions, is about. */
export function regionConditionsOf(tag: Tag): RegionCondition[] {
  const [whenTagName, whenLabelValue, whenChoiceValue] = ["whenTagName", "whenLabelValue", "whenChoiceValue"].map(
    (name) => attribute(tag, name) || undefined,
  );
  return (whenTagName ?? whenLabelValue ?? whenChoiceValue) ? [{ whenTagName, whenLabelValue, whenChoiceValue }] : [];
}

/** The labels that relations of a Relations tag can have. */
export function relationsPart(tag: Tag): RelationsPart {
  const labels = tag.children.flatMap((child) => {
    const value = attribute(child, "value");
    return child.tag.toLowerCase() === "relation" && value ? [value] : [];
  });
  return { tag: "Relations", labels, is_multiple: attribute(tag, "choice") !== "single" };
}

/** What is marked in the parts of a form, and asked about it. */
export function regionsIn(parts: Part[]): RegionForm {
  const all = allParts(parts);
  return {
    markers: all.flatMap((part) => (part.tag === "Labels" && part.marker ? [withAxis(part.marker, all)] : [])),
    questions: regionQuestionsIn(parts),
    relations: all.find((part) => part.tag === "Relations"),
  };
}

/** The axis of a series is known when it is drawn. */
function withAxis(marker: RegionMarker, parts: Part[]): RegionMarker {
  if (marker.kind !== "series") return marker;
  const series = parts.find((part) => part.tag === "TimeSeries" && part.name === marker.target);
  if (series?.tag !== "TimeSeries") return marker;
  return { ...marker, axis: series.axis, lines: series.channels.map(({ lineIn }) => lineIn) };
}

function allParts(parts: Part[]): Part[] {
  return parts.flatMap((part) => (part.tag === "View" ? [part, ...allParts(part.parts)] : [part]));
}

function regionQuestionsIn(parts: Part[], entry?: ViewPart["entry"]): RegionQuestion[] {
  return parts.flatMap((part, index): RegionQuestion[] => {
    if (part.tag === "View") return regionQuestionsIn(part.parts, part.entry ?? entry);
    if (part.tag !== "RegionQuestion") return [];
    const { control, asked_of } = part;
    return [{ control, asked_of, question: questionOf(control, parts[index - 1], entry) }];
  });
}

/** Whether a header is the question of the part behind it. */
export function isAsked(part: Part | undefined): boolean {
  return isControlPart(part) || part?.tag === "RegionQuestion" || part?.tag === "Labels";
}
