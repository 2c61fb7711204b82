import { textFor } from "../task-values.ts";
import { attribute } from "../xml/tree.ts";
import type { Tag } from "../xml/tree.ts";
import { itemsOf } from "./object-parts.ts";
import { optionsOf } from "./options.ts";
import type { OmissionReason } from "./omissions.ts";
import type { Bucket, ChoicesPart, ControlPart, DateTimePart, TaxonomyPart, TextAreaPart } from "./parts.ts";
import { defaultFormat, isSupportedFormat } from "./strftime.ts";
import { conditionsOf } from "./visibility.ts";

interface Context {
  data: Record<string, unknown>;
  /** All tags of the label config. */
  tagsByName: ReadonlyMap<string, Tag>;
}

const builders: Record<string, (tag: Tag, context: Context) => ControlPart | OmissionReason> = {
  choices,
  taxonomy,
  textarea: (tag, { data }) => ({
    tag: "TextArea",
    ...baseOf(tag),
    rows: numberIn(tag, "rows") ?? 1,
    placeholder: attribute(tag, "placeholder"),
    maxSubmissions: numberIn(tag, "maxSubmissions"),
    value: textFor(attribute(tag, "value"), data),
    shortcuts: tag.children.flatMap(shortcutOf),
  }),
  rating: (tag) => ({
    tag: "Rating",
    ...baseOf(tag),
    maxRating: numberIn(tag, "maxRating") ?? 5,
    defaultValue: numberIn(tag, "defaultValue"),
  }),
  number: (tag) => ({
    tag: "Number",
    ...baseOf(tag),
    min: numberIn(tag, "min"),
    max: numberIn(tag, "max"),
    step: numberIn(tag, "step"),
    defaultValue: numberIn(tag, "defaultValue"),
  }),
  datetime: dateTime,
  pairwise(tag) {
    const [left, right] = (attribute(tag, "toName") ?? "").split(",").map((name) => name.trim());
    return left && right ? { tag: "Pairwise", ...baseOf(tag), left, right } : "two_objects";
  },
  ranker(tag, { data, tagsByName }) {
    const list = tagsByName.get(attribute(tag, "toName") ?? "");
    if (list?.tag.toLowerCase() !== "list") return "no_list";
    const buckets = tag.children.flatMap(bucketOf);
    const has_unsorted = buckets.length > 0 && !buckets.some(({ is_default }) => is_default);
    return { tag: "Ranker", ...baseOf(tag), items: itemsOf(list, data), buckets, has_unsorted };
  },
};

/** The part of the form for a control tag, or why pages have no question for it; undefined for other tags. */
export function controlPart(tag: Tag, context: Context): ControlPart | OmissionReason | undefined {
  const type = tag.tag.toLowerCase();
  if (!Object.hasOwn(builders, type)) return undefined;
  if (isTrue(tag, "perItem")) return "per_item";
  if (!attribute(tag, "name")) return "no_name";
  if (!attribute(tag, "toName")) return "no_object";
  return builders[type]?.(tag, context);
}

function shortcutOf(tag: Tag): TextAreaPart["shortcuts"] {
  const text = attribute(tag, "value");
  if (tag.tag.toLowerCase() !== "shortcut" || !text) return [];
  return [{ label: attribute(tag, "alias") || text, text }];
}

function bucketOf(tag: Tag): Bucket[] {
  const name = attribute(tag, "name");
  if (tag.tag.toLowerCase() !== "bucket" || !name) return [];
  return [{ name, title: attribute(tag, "title") || name, is_default: isTrue(tag, "default") }];
}

function isTrue(tag: Tag, name: string): boolean {
  return attribute(tag, name)?.toLowerCase() === "true";
}

function baseOf(tag: Tag) {
  return {
    name: attribute(tag, "name") ?? "",
    to_name: attribute(tag, "toName") ?? "",
    required: isTrue(tag, "required"),
    requiredMessage: attribute(tag, "requiredMessage") || undefined,
    conditions: conditionsOf(tag),
  };
}

function choices(tag: Tag, { data }: Context): ChoicesPart {
  const choice = attribute(tag, "choice");
  const layout = attribute(tag, "layout");
  const inline = layout === "inline" || isTrue(tag, "showInline");
  return {
    tag: "Choices",
    ...baseOf(tag),
    choice: choice === "multiple" || choice === "single-radio" ? choice : "single",
    layout: layout === "select" ? layout : inline ? "inline" : "vertical",
    options: optionsOf(tag, data, isTrue(tag, "allowNested")),
    parents_selectable: false,
  };
}

function taxonomy(tag: Tag, { data }: Context): TaxonomyPart | OmissionReason {
  if (isTrue(tag, "labeling")) return "region";
  if (attribute(tag, "apiUrl")) return "remote_options";
  return {
    tag: "Taxonomy",
    ...baseOf(tag),
    options: optionsOf(tag, data, true),
    parents_selectable: !isTrue(tag, "leafsOnly"),
    maxUsages: numberIn(tag, "maxUsages"),
    placeholder: attribute(tag, "placeholder"),
  };
}

function dateTime(tag: Tag): DateTimePart | OmissionReason {
  const input = inputOf((attribute(tag, "only") ?? "date,time").split(",").map((part) => part.trim()));
  if (!input) return "date_format";
  const custom = input === "time" ? undefined : attribute(tag, "format");
  const format = custom || defaultFormat(input);
  if (!isSupportedFormat(format)) return "date_format";
  return { tag: "DateTime", ...baseOf(tag), input, format, min: limitIn(tag, "min"), max: limitIn(tag, "max") };
}

function inputOf(only: string[]): DateTimePart["input"] | undefined {
  const [date, time] = [only.includes("date"), only.includes("time")];
  if (date) return time ? "datetime-local" : "date";
  if (time) return only.length === 1 ? "time" : undefined;
  if (only.includes("month")) return only.includes("year") ? "month" : undefined;
  return only.includes("year") ? "year" : undefined;
}

/** A limit of a date, a year or a time. */
function limitIn(tag: Tag, name: string): string | undefined {
  const limit = attribute(tag, name)?.trim();
  return limit && /^\d/.test(limit) ? limit : undefined;
}

function numberIn(tag: Tag, name: string): number | undefined {
  const text = attribute(tag, name)?.trim();
  return text && Number.isFinite(Number(text)) ? Number(text) : undefined;
}
