import type { RegionMarker } from "../regions/kinds.ts";
import type { Palette } from "../regions/markers.ts";
import type { Omission } from "./omissions.ts";
import type { TimeSeriesPart } from "./series-lines.ts";

/** When a part is shown, by Label Studio's attributes. */
export interface Conditions {
  visibleWhen: "choice-selected" | "choice-unselected";
  whenTagName: string | undefined;
  whenChoiceValue: string | undefined;
}

export interface ViewPart {
  tag: "View";
  conditions: Conditions | undefined;
  parts: Part[];
  /** What a Repeater repeats its content for: `number` is counted from 1. */
  entry?: { number: number; count: number };
  /** A Panel, which opens and closes; of panels in the same group one is open at a time. */
  panel?: { title: string; is_open: boolean; group: string | undefined };
}

interface HeaderPart {
  tag: "Header";
  text: string;
  /** 1 to 6; 4 by default. */
  size: number;
}

/** Text with some formatting, as HTML that is to be sanitized. */
interface MarkdownPart {
  tag: "Markdown";
  html: string;
  conditions: Conditions | undefined;
}

export type ObjectPart = ContentPart | ParagraphsPart | ChatPart | TablePart | TimeSeriesPart | ListPart;

export interface ContentPart {
  tag: "Text" | "HyperText" | "Image" | "Audio" | "Video" | "Pdf";
  name: string;
  /** `url` when the values are URLs of the texts. */
  valueType: string | undefined;
  /** Texts, HTML (to be sanitized) or URLs; one, except for Images of a list. */
  values: string[];
}

export interface ParagraphsPart {
  tag: "Paragraphs";
  name: string;
  /** `index`: in the task's data, where turns without a text count, too. */
  paragraphs: { author: string; text: string; index: number }[];
  /** Where the text is (`valueType="url"`). */
  address: string | undefined;
  /** The recording of the talk. */
  audio: string | undefined;
}

export interface ChatPart {
  tag: "Chat";
  name: string;
  /** `role` as it is written, such as `user` or `assistant`. */
  messages: { role: string; text: string }[];
}

export interface TablePart {
  tag: "Table";
  name: string;
  columns: string[];
  rows: string[][];
}

export interface ListPart {
  tag: "List";
  name: string;
  title: string;
  items: ListItem[];
}

export interface ListItem {
  id: string;
  title: string;
  body: string;
  html: string | undefined;
}

interface ControlBase {
  /** The name of its fields, and `from_name` of its answer. */
  name: string;
  to_name: string;
  required: boolean;
  requiredMessage: string | undefined;
  conditions: Conditions | undefined;
}

/** A possible answer of a Choices or Taxonomy. */
export interface Option {
  /** The form's value. */
  key: string;
  /** The value in an annotation's result: the alias or value, or the path to it where options are nested. */
  result: string | string[];
  /** For people. */
  label: string;
  /** HTML that is shown instead, to be sanitized. */
  html: string | undefined;
  hint: string | undefined;
  hotkey: string | undefined;
  selected: boolean;
  /** An option with children can only be selected where `parents_selectable`. */
  options: Option[];
}

export interface ChoicesPart extends ControlBase {
  tag: "Choices";
  choice: "single" | "single-radio" | "multiple";
  layout: "vertical" | "inline" | "select";
  options: Option[];
  parents_selectable: false;
}

export interface TaxonomyPart extends ControlBase {
  tag: "Taxonomy";
  options: Option[];
  parents_selectable: boolean;
  maxUsages: number | undefined;
  placeholder: string | undefined;
}

export interface TextAreaPart extends ControlBase {
  tag: "TextArea";
  rows: number;
  placeholder: string | undefined;
  maxSubmissions: number | undefined;
  value: string;
  /** Ready-made texts, which a button inserts. */
  shortcuts: { label: string; text: string }[];
}

export interface RatingPart extends ControlBase {
  tag: "Rating";
  maxRating: number;
  defaultValue: number | undefined;
}

export interface NumberPart extends ControlBase {
  tag: "Number";
  min: number | undefined;
  max: number | undefined;
  step: number | undefined;
  defaultValue: number | undefined;
}

/** The type of `<input>`; a year is a number. */
export type DateTimeInput = "datetime-local" | "date" | "time" | "month" | "year";

export interface DateTimePart extends ControlBase {
  tag: "DateTime";
  input: DateTimeInput;
  /** The answer's strftime format. */
  format: string;
  min: string | undefined;
  max: string | undefined;
}

export interface PairwisePart extends ControlBase {
  tag: "Pairwise";
  /** Names of the object tags that are compared. */
  left: string;
  right: string;
}

/**
 * Each item has a field of its own, `${name}.${item.id}`, for its rank: 1 is the first. With buckets it has another one,
 * `${name}@${item.id}`, for the name of its bucket.
 */
export interface RankerPart extends ControlBase {
  tag: "Ranker";
  items: ListItem[];
  /** In which the items are sorted; none where they are only ranked. */
  buckets: Bucket[];
  /** Items may be in no bucket, since none is the default. */
  has_unsorted: boolean;
}

/** A Bucket of a Ranker. */
export interface Bucket {
  /** Its key in the result. */
  name: string;
  title: string;
  /** Where items are that nobody has moved. */
  is_default: boolean;
}

/**
 * Messages that people add to a Chat. Each has fields with the same names: `${name}` for its text, `${name}@role`, and `${name}@key`
 * for the entry of the result that it is from.
 */
export interface ChatMessagePart extends ControlBase {
  tag: "ChatMessage";
  /** In whose name people may write. */
  roles: string[];
  /** The messages of the task itself, which count for both limits. */
  message_count: number;
  /** Whose the last of them is. */
  last_role: string | undefined;
  minMessages: number | undefined;
  maxMessages: number | undefined;
}

export type ControlPart =
  | ChoicesPart
  | TaxonomyPart
  | TextAreaPart
  | RatingPart
  | NumberPart
  | DateTimePart
  | PairwisePart
  | RankerPart
  | ChatMessagePart;

/** A control that marks regions of an object, or the labels for those of other controls. */
export interface MarkerPart {
  tag: "Labels";
  /** Undefined for labels alone, whose shapes are tags of their own. */
  marker: RegionMarker | undefined;
  /** Its own labels. */
  palette: Palette | undefined;
}

/** A question about each region. */
export interface RegionQuestionPart {
  tag: "RegionQuestion";
  control: ControlPart;
  /** Which regions it is about: all where there are none. */
  asked_of: RegionCondition[];
}

/** Which regions a question is about: those of a control, with a label, with a choice. */
export interface RegionCondition {
  whenTagName: string | undefined;
  whenLabelValue: string | undefined;
  whenChoiceValue: string | undefined;
}

/** A question about each region, with its words. */
export interface RegionQuestion extends Omit<RegionQuestionPart, "tag"> {
  question: string;
}

export type Part =
  ViewPart | HeaderPart | MarkdownPart | ObjectPart | ControlPart | MarkerPart | RegionQuestionPart | RelationsPart;

/** The labels that relations between regions can have. */
export interface RelationsPart {
  tag: "Relations";
  labels: string[];
  is_multiple: boolean;
}

/** What a label config marks in a task. */
export interface RegionForm {
  markers: RegionMarker[];
  questions: RegionQuestion[];
  relations: RelationsPart | undefined;
}

/** The form of a label config for one task. */
export interface LabelForm {
  parts: Part[];
  /** All controls in `parts`, in document order, each with its own conditions and those of its Views. */
  controls: { control: ControlPart; conditions: Conditions[] }[];
  /** What is marked, and asked about it. */
  regions: RegionForm;
  /** What the form doesn't show, or has no question for, in the order of the label config. */
  omissions: Omission[];
}

export function isControlPart(part: Part | undefined): part is ControlPart {
  return part !== undefined && "to_name" in part;
}
