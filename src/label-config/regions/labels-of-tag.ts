import { displayText, objectMembers, valueFor } from "../task-values.ts";
import { attribute } from "../xml/tree.ts";
import type { Tag } from "../xml/tree.ts";
import { colorsOf } from "./colors.ts";
import type { Palette, RegionLabel } from "./markers.ts";

/** A Label of the label config or of the task's data. */
type LabelSource = Omit<RegionLabel, "color"> & { background: string | undefined };

/** The labels of a control: those of the task where `value` names a variable, then those of the label config. */
export function paletteOf(tag: Tag, data: Record<string, unknown>): Palette {
  const dynamic = valueFor(attribute(tag, "value"), data);
  const sources = [...(Array.isArray(dynamic) ? dynamic.map(fromTask) : []), ...labelsIn(tag)];
  const labels = sources.filter(({ result }) => result);
  const colors = colorsOf(labels.map(({ background }) => background));
  return {
    name: attribute(tag, "name") ?? "",
    type: tag.tag.toLowerCase(),
    labels: labels.map((label, index) => withColor(label, colors[index] ?? 1)),
    is_multiple: attribute(tag, "choice") === "multiple",
    is_inline: attribute(tag, "showInline")?.toLowerCase() !== "false",
  };
}

function withColor(source: LabelSource, color: number): RegionLabel {
  const { background: _, ...label } = source;
  return { ...label, color };
}

/** The labels in a tag, directly or within Views. */
function labelsIn(tag: Tag): LabelSource[] {
  return tag.children.flatMap((child) => {
    const type = child.tag.toLowerCase();
    if (type === "view") return labelsIn(child);
    return type === "label" ? sourceOf((name) => attribute(child, name)) : [];
  });
}

function fromTask(item: unknown): LabelSource {
  const members = typeof item === "object" ? objectMembers(item) : { value: item };
  return sourceOf((name) => (members[name] === undefined ? undefined : displayText(members[name])));
}

function sourceOf(member: (name: string) => string | undefined): LabelSource {
  const value = member("value") ?? "";
  const usages = Number(member("maxUsages"));
  return {
    result: member("alias") || value,
    words: value || (member("alias") ?? ""),
    hotkey: member("hotkey") || undefined,
    max_usages: Number.isInteger(usages) && usages > 0 ? usages : undefined,
    hint: member("hint") || undefined,
    is_selected: member("selected")?.toLowerCase() === "true",
    background: member("background") || undefined,
  };
}
