import { textFor } from "../task-values.ts";
import { allTags, attribute } from "../xml/tree.ts";
import type { Tag } from "../xml/tree.ts";
import { controlPart } from "./control-parts.ts";
import { objectPart } from "./object-parts.ts";
import { isControlPart } from "./parts.ts";
import type { Conditions, LabelForm, Part } from "./parts.ts";
import { conditionsOf, needsRegion } from "./visibility.ts";

interface BuildContext {
  data: Record<string, unknown>;
  tagsByName: ReadonlyMap<string, Tag>;
  unsupported: LabelForm["unsupported"];
}

/** Tags that show nothing by themselves. */
const invisibleTags = new Set(["style", "filter", "shortcut", "choice", "label"]);
const containers = new Set(["view", "collapse", "panel"]);
const regionTags =
  /labels$|^(brush|bitmask|magicwand|ellipse|keypoint|polygon|rectangle|vector|videorectangle|videovector|relations)$/;

/** Builds the form of a label config for a task's data. */
export function buildLabelForm(root: Tag, data: Record<string, unknown> = {}): LabelForm {
  const tags = allTags(root);
  const context: BuildContext = {
    data,
    tagsByName: new Map(tags.map((tag) => [attribute(tag, "name") ?? "", tag])),
    unsupported: [],
  };
  const parts = partsOf(root, context);
  return {
    parts,
    controls: controlsIn(parts, []),
    unsupported: context.unsupported,
    has_regions: tags.some((tag) => regionTags.test(tag.tag.toLowerCase()) || needsRegion(tag)),
  };
}

function partsOf(tag: Tag, context: BuildContext): Part[] {
  const type = tag.tag.toLowerCase();
  if (invisibleTags.has(type) || needsRegion(tag)) return [];
  if (containers.has(type)) return [viewOf(tag, context)];
  if (type === "header") return [headerOf(attribute(tag, "value") ?? tag.text.trim(), attribute(tag, "size"), context)];
  const part = controlPart(tag, context) ?? objectPart(tag, context.data);
  if (part) return [part];
  context.unsupported.push({ tag: tag.tag, line: tag.line });
  return [];
}

function viewOf(tag: Tag, context: BuildContext): Part {
  const panel = tag.tag.toLowerCase() === "panel" ? [headerOf(attribute(tag, "value"), undefined, context)] : [];
  const text = tag.text.trim() ? [headerOf(tag.text.trim(), undefined, context)] : [];
  const parts = [...panel, ...text, ...tag.children.flatMap((child) => partsOf(child, context))];
  return { tag: "View", conditions: conditionsOf(tag), parts };
}

function headerOf(value: string | undefined, size: string | undefined, { data }: BuildContext): Part {
  const level = Number(size);
  return { tag: "Header", text: textFor(value, data), size: level >= 1 && level <= 6 ? Math.floor(level) : 4 };
}

function controlsIn(parts: Part[], outer: Conditions[]): LabelForm["controls"] {
  return parts.flatMap((part) => {
    const conditions = "conditions" in part && part.conditions ? [...outer, part.conditions] : outer;
    if (part.tag === "View") return controlsIn(part.parts, conditions);
    return isControlPart(part) ? [{ control: part, conditions }] : [];
  });
}
