/** When a part is shown: upstream's words. */
export interface Conditions {
  visibleWhen: "choice-selected" | "choice-unselected";
  whenTagName: string | undefined;
  whenChoiceValue: string | undefined;
}

export interface ViewPart {
  tag: "View";
  conditions: Conditions | undefined;
  parts: Part[];
}

export interface HeaderPart {
  tag: "Header";
  text: string;
  /** 1 to 6; 4 where the setup does not say. */
  size: number;
}

export type ObjectPart = ShownPart | ParagraphsPart | TablePart | ListPart;

export interface ShownPart {
  tag: "Text" | "HyperText" | "Image" | "Audio" | "Video";
  name: string;
  /** `url` when the values are addresses of the texts. */
  valueType: string | undefined;
  /** Texts, HTML (to be cleaned before it is shown) or addresses; one, except for Images of a list. */
  values: string[];
}

export interface ParagraphsPart {
  tag: "Paragraphs";
  name: string;
  paragraphs: { author: string; text: string }[];
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
  /** Of the fields, and `from_name` of the answer. */
  name: string;
  to_name: string;
  required: boolean;
  requiredMessage: string | undefined;
  conditions: Conditions | undefined;
}

/** An answer to choose. */
export interface Option {
  /** What the form sends for it. */
  key: string;
  /** What the answer holds: the alias or value, or the path to it. */
  result: string | string[];
  /** As it is shown. */
  label: string;
  hint: string | undefined;
  hotkey: string | undefined;
  selected: boolean;
  /** With any, it can only be chosen where `parents_selectable`. */
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

/** The kind of `<input>` for a moment; a year is a number. */
export type DateTimeInput = "datetime-local" | "date" | "time" | "month" | "year";

export interface DateTimePart extends ControlBase {
  tag: "DateTime";
  input: DateTimeInput;
  /** How the answer is written, in strftime's directives. */
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

/** Each item has a field of its own, `${name}.${item.id}`, for its place: 1 is the first. */
export interface RankerPart extends ControlBase {
  tag: "Ranker";
  items: ListItem[];
}

export type ControlPart =
  ChoicesPart | TaxonomyPart | TextAreaPart | RatingPart | NumberPart | DateTimePart | PairwisePart | RankerPart;

export type Part = ViewPart | HeaderPart | ObjectPart | ControlPart;

/** A setup for one task, as a page can show it. */
export interface LabelForm {
  parts: Part[];
  /** All controls in `parts`, in their order, each with the conditions of its own and of the Views around it. */
  controls: { control: ControlPart; conditions: Conditions[] }[];
  /** What can't be shown here. */
  unsupported: { tag: string; line: number }[];
  /** The setup asks for regions, which can only be drawn elsewhere. */
  has_regions: boolean;
}
