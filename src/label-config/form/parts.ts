/** When a part is shown, by Label Studio's attributes. */
export interface Conditions {
  visibleWhen: "choice-selected" | "choice-unselected";
  whenTagName: string | undefined;
  whenChoiceValue: string | undefined;
}

interface ViewPart {
  tag: "View";
  conditions: Conditions | undefined;
  parts: Part[];
}

interface HeaderPart {
  tag: "Header";
  text: string;
  /** 1 to 6; 4 by default. */
  size: number;
}

export type ObjectPart = ContentPart | ParagraphsPart | TablePart | ListPart;

export interface ContentPart {
  tag: "Text" | "HyperText" | "Image" | "Audio" | "Video";
  name: string;
  /** `url` when the values are URLs of the texts. */
  valueType: string | undefined;
  /** Texts, HTML (to be sanitized) or URLs; one, except for Images of a list. */
  values: string[];
}

interface ParagraphsPart {
  tag: "Paragraphs";
  name: string;
  paragraphs: { author: string; text: string }[];
}

interface TablePart {
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

/** Each item has a field of its own, `${name}.${item.id}`, for its rank: 1 is the first. */
export interface RankerPart extends ControlBase {
  tag: "Ranker";
  items: ListItem[];
}

export type ControlPart =
  ChoicesPart | TaxonomyPart | TextAreaPart | RatingPart | NumberPart | DateTimePart | PairwisePart | RankerPart;

export type Part = ViewPart | HeaderPart | ObjectPart | ControlPart;

/** The form of a label config for one task. */
export interface LabelForm {
  parts: Part[];
  /** All controls in `parts`, in document order, each with its own conditions and those of its Views. */
  controls: { control: ControlPart; conditions: Conditions[] }[];
  /** Tags that the form can't show. */
  unsupported: { tag: string; line: number }[];
  /** The label config asks for regions, which this form can't draw. */
  has_regions: boolean;
}

export function isControlPart(part: Part | undefined): part is ControlPart {
  return part !== undefined && "to_name" in part;
}
