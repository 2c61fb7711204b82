import { limits } from "../../common/limits.ts";
import { textFor } from "../task-values.ts";
import { allTags, attribute } from "../xml/tree.ts";
import type { Tag } from "../xml/tree.ts";
import { chatParts } from "./chat-parts.ts";
import { controlPart } from "./control-parts.ts";
import { markdownToHtml } from "./markdown.ts";
import { objectPart } from "./object-parts.ts";
import { markerPart } from "./marker-parts.ts";
import type { Omission, OmissionReason } from "./omissions.ts";
import { isControlPart } from "./parts.ts";
import type { Conditions, LabelForm, Part, ViewPart } from "./parts.ts";
import { markedObjects, regionConditionsOf, regionsIn, regionTags, relationsPart } from "./region-parts.ts";
import { repeatedEntries } from "./repeated-tags.ts";
import type { RepeatBudget } from "./repeated-tags.ts";
import type { SeriesFiles } from "./series-files.ts";
import { conditionsOf, isPerRegion, waitsForRegion } from "./visibility.ts";

interface BuildContext {
  data: Record<string, unknown>;
  files: SeriesFiles;
  tagsByName: Map<string, Tag>;
  /** The names of the objects whose regions can be marked here. */
  marked: Set<string>;
  omissions: Omission[];
  budget: RepeatBudget;
}

/** Tags that show nothing by themselves, outside of the tags that they belong to. */
const innerTags = new Set(["choice", "label", "relation", "channel", "multichannel", "bucket", "shortcut"]);

/** What a tag that is no control and no object adds to the form. */
const builders: Record<string, (tag: Tag, context: BuildContext) => Part[]> = {
  view: (tag, context) => [viewOf(tag, partsIn(tag, context))],
  collapse,
  panel: (tag, context) => [panelOf(tag, partsIn(tag, context), undefined, context)],
  repeater,
  relations: (tag, context) => (context.marked.size > 0 ? [relationsPart(tag)] : omit(tag, "region", context)),
  chat(tag, context) {
    if (attribute(tag, "llm")) omit(tag, "model", context);
    return chatParts(tag, context.data);
  },
  header: (tag, context) => headerOf(attribute(tag, "value") ?? tag.text, attribute(tag, "size"), context),
  markdown(tag, { data }) {
    const html = markdownToHtml(textFor(attribute(tag, "value") ?? tag.text.trim(), data));
    return [{ tag: "Markdown", html, conditions: conditionsOf(tag) }];
  },
};

/** Tags whose absence is no loss of content. */
const cosmetics: Record<string, OmissionReason> = { style: "look", filter: "search" };

/** Builds the form of a label config for a task's data. Series at the addresses of `files` are drawn from these. */
export function buildLabelForm(
  root: Tag,
  data: Record<string, unknown> = {},
  files: SeriesFiles = new Map(),
): LabelForm {
  const tagsByName = new Map(allTags(root).map((tag) => [attribute(tag, "name") ?? "", tag]));
  const context: BuildContext = {
    data,
    files,
    tagsByName,
    marked: markedObjects(root, tagsByName),
    omissions: [],
    budget: { tags: limits.repeatedTags },
  };
  const parts = partsOf(root, context);
  return { parts, controls: controlsIn(parts, []), regions: regionsIn(parts), omissions: context.omissions };
}

function partsOf(tag: Tag, context: BuildContext): Part[] {
  const type = tag.tag.toLowerCase();
  if (innerTags.has(type)) return [];
  if (waitsForRegion(tag) && !isPerRegion(tag)) return aboutRegions(tag, context);
  if (Object.hasOwn(builders, type)) return builders[type]?.(tag, context) ?? [];
  if (regionTags.test(type)) return markerOf(tag, context);
  if (isPerRegion(tag)) return regionQuestion(tag, context);
  if (Object.hasOwn(cosmetics, type)) return omit(tag, cosmetics[type] ?? "look", context);
  const part = controlPart(tag, context) ?? objectPart(tag, context.data, context.files) ?? "unknown";
  if (typeof part === "string") return omit(tag, part, context);
  return isControlPart(part) ? [...textsOf(tag, context), part] : [part];
}

function omit(tag: Tag, reason: OmissionReason, context: BuildContext): [] {
  context.omissions.push({ tag: tag.tag, line: tag.line, reason });
  return [];
}

function markerOf(tag: Tag, context: BuildContext): Part[] {
  const part = markerPart(tag, context);
  return typeof part === "string" ? omit(tag, part, context) : [part];
}

/** A question about each region of an object whose regions can be marked here. */
function regionQuestion(tag: Tag, context: BuildContext): Part[] {
  const isMarked = context.marked.has(attribute(tag, "toName") ?? "");
  const part = isMarked ? (controlPart(tag, context) ?? "per_region") : "per_region";
  if (typeof part === "string") return omit(tag, part, context);
  const control = { ...part, conditions: undefined };
  return [...textsOf(tag, context), { tag: "RegionQuestion", control, asked_of: regionConditionsOf(tag) }];
}

/** A View that is shown for a selected region has questions about it; what else is in it is left out. */
function aboutRegions(tag: Tag, context: BuildContext): Part[] {
  if (tag.tag.toLowerCase() !== "view") return omit(tag, "per_region", context);
  const asked_of = regionConditionsOf(tag);
  const onlyQuestions = (part: Part): Part[] => {
    if (part.tag === "View") return part.parts.flatMap(onlyQuestions);
    if (part.tag === "RegionQuestion") return [{ ...part, asked_of: [...asked_of, ...part.asked_of] }];
    if (part.tag === "Header") return [part];
    context.omissions.push({ tag: part.tag, line: tag.line, reason: "per_region" });
    return [];
  };
  return partsIn(tag, context).flatMap(onlyQuestions);
}

/** The parts of a tag's content; text between tags is a header. */
function partsIn(tag: Pick<Tag, "content">, context: BuildContext): Part[] {
  return tag.content.flatMap((each) =>
    typeof each === "string" ? headerOf(each, undefined, context) : partsOf(each, context),
  );
}

/** The text within a control is its question. */
function textsOf(tag: Tag, context: BuildContext): Part[] {
  return tag.text.trim() ? headerOf(tag.text, undefined, context) : [];
}

function viewOf(tag: Tag, parts: Part[]): ViewPart {
  return { tag: "View", conditions: conditionsOf(tag), parts };
}

function collapse(tag: Tag, context: BuildContext): Part[] {
  const isAccordion = attribute(tag, "accordion")?.toLowerCase() !== "false";
  const group = isAccordion ? `${tag.line}-${tag.column}` : undefined;
  const isOpen = attribute(tag, "open")?.toLowerCase() === "true";
  const parts = tag.content.flatMap((each): Part[] => {
    if (typeof each === "string" || each.tag.toLowerCase() !== "panel") return partsIn({ content: [each] }, context);
    return [panelOf(each, partsIn(each, context), { group, isOpen }, context)];
  });
  return [viewOf(tag, parts)];
}

function panelOf(
  tag: Tag,
  parts: Part[],
  collapsed: { group: string | undefined; isOpen: boolean } | undefined,
  { data }: BuildContext,
): ViewPart {
  const own = attribute(tag, "open")?.toLowerCase();
  const is_open = own === undefined ? (collapsed?.isOpen ?? true) : own === "true";
  const title = textFor(attribute(tag, "value"), data) || "More";
  return { ...viewOf(tag, parts), panel: { title, is_open, group: collapsed?.group } };
}

function repeater(tag: Tag, context: BuildContext): Part[] {
  const { entries, is_cut } = repeatedEntries(tag, context.data, context.budget);
  if (is_cut) omit(tag, "too_many_entries", context);
  // What depends on no task has its question without any, too: for summaries, and for what a setup can't show.
  if (entries.length === 0 && !is_cut) partsIn(tag, { ...context, budget: { tags: 0 } });
  return entries.map(({ number, count, content }) => {
    for (const each of content) if (typeof each !== "string") addNames(each, context);
    return { ...viewOf(tag, partsIn({ content }, context)), entry: { number, count } };
  });
}

function addNames(tag: Tag, { tagsByName, marked }: BuildContext): void {
  for (const each of allTags(tag)) tagsByName.set(attribute(each, "name") ?? "", each);
  for (const name of markedObjects(tag, tagsByName)) marked.add(name);
}

function headerOf(value: string | undefined, size: string | undefined, { data }: BuildContext): Part[] {
  const level = Number(size);
  const text = textFor(value?.trim(), data);
  return [{ tag: "Header", text, size: level >= 1 && level <= 6 ? Math.floor(level) : 4 }];
}

function controlsIn(parts: Part[], outer: Conditions[]): LabelForm["controls"] {
  return parts.flatMap((part) => {
    const conditions = "conditions" in part && part.conditions ? [...outer, part.conditions] : outer;
    if (part.tag === "View") return controlsIn(part.parts, conditions);
    return isControlPart(part) ? [{ control: part, conditions }] : [];
  });
}
