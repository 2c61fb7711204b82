/** A label that a region can have. */
export interface RegionLabel {
  /** What results hold: the alias where there is one, else the value. */
  result: string;
  /** For people. */
  words: string;
  hotkey: string | undefined;
  /** How many regions of a task may have it. */
  max_usages: number | undefined;
  hint: string | undefined;
  /** It is chosen from the start. */
  is_selected: boolean;
  /** Which of the colors of regions it has, from 1. */
  color: number;
}

/** The labels of a control: Labels, RectangleLabels and so on. */
export interface Palette {
  /** `from_name` of the entry with the labels. */
  name: string;
  /** Its type, which is also the member of its value that has the labels. */
  type: string;
  labels: RegionLabel[];
  is_multiple: boolean;
  /** The labels stand beside each other, not below each other. */
  is_inline: boolean;
}

/** A control that marks regions of an object: with labels of its own, or a plain shape with the labels of a Labels beside it. */
export interface Marker {
  /** `from_name` of its entries. */
  name: string;
  /** Their type. */
  type: string;
  /** The object, `to_name` of its entries. */
  target: string;
  /** Undefined for a shape whose regions have no label. */
  palette: Palette | undefined;
}

/** Whether the labels are in the marker's own entries. */
export function hasOwnLabels({ name, palette }: Marker): boolean {
  return palette?.name === name;
}
