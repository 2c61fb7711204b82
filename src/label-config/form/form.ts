import { conditionsOf, needsRegion } from "./conditions.ts";
import { controlPart } from "./controls.ts";
import { objectPart } from "./objects.ts";
import type { Conditions, ControlPart, LabelForm, Part } from "./parts.ts";
import { textFor } from "../task-values.ts";
import { allTags, attribute } from "../xml/tree.ts";
import type { Tag } from "../xml/tree.ts";

interface Making {
  data: Record<string, unknown>;
  named: ReadonlyMap<string, Tag>;
  unsupported: LabelForm["unsupported"];
}

/** Tags without anything to show. */
const unseen = new Set(["style", "filter", "shortcut", "choice", "label"]);
const containers = new Set(["view", "collapse", "panel"]);
const drawing =
  /labels$|^(brush|bitmask|magicwand|ellipse|keypoint|polygon|rectangle|vector|videorectangle|videovector|relations)$/;

/** A setup for a task with this data, as a page can show it. */
export function buildLabelForm(root: Tag, data: Record<string, unknown> = {}): LabelForm {
  const tags = allTags(root);
  const making: Making = {
    data,
    named: new Map(tags.map((tag) => [attribute(tag, "name") ?? "", tag])),
    unsupported: [],
  };
  const parts = partsOf(root, making);
  return {
    parts,
    controls: controlsIn(parts, []),
    unsupported: making.unsupported,
    has_regions: tags.some((tag) => drawing.test(tag.tag.toLowerCase()) || needsRegion(tag)),
  };
}

function partsOf(tag: Tag, making: Making): Part[] {
  const type = tag.tag.toLowerCase();
  if (unseen.has(type) || needsRegion(tag)) return [];
  if (containers.has(type)) return [viewOf(tag, making)];
  if (type === "header") return [headerOf(attribute(tag, "value"), attribute(tag, "size"), making)];
  const part = controlPart(tag, making) ?? objectPart(tag, making.data);
  if (part) return [part];
  making.unsupported.push({ tag: tag.tag, line: tag.line });
  return [];
}

function viewOf(tag: Tag, making: Making): Part {
  const panel = tag.tag.toLowerCase() === "panel" ? [headerOf(attribute(tag, "value"), undefined, making)] : [];
  const parts = [...panel, ...tag.children.flatMap((child) => partsOf(child, making))];
  return { tag: "View", conditions: conditionsOf(tag), parts };
}

function headerOf(value: string | undefined, size: string | undefined, { data }: Making): Part {
  const level = Number(size);
  return { tag: "Header", text: textFor(value, data), size: level >= 1 && level <= 6 ? Math.floor(level) : 4 };
}

function controlsIn(parts: Part[], around: Conditions[]): LabelForm["controls"] {
  return parts.flatMap((part) => {
    const conditions = "conditions" in part && part.conditions ? [...around, part.conditions] : around;
    if (part.tag === "View") return controlsIn(part.parts, conditions);
    return isControlPart(part) ? [{ control: part, conditions }] : [];
  });
}

function isControlPart(part: Part): part is ControlPart {
  return "to_name" in part;
}
