import type {
  ChoicesPart,
  ControlPart,
  DateTimePart,
  NumberPart,
  Option,
  RankerPart,
  RatingPart,
  TaxonomyPart,
  TextAreaPart,
} from "../form/parts.ts";
import { formatMoment, isMoment } from "../form/strftime.ts";
import { chosenOptions, textsOf } from "../form/visibility.ts";
import type { Fields } from "../form/visibility.ts";

/** An answer to one control, none of both when nothing was answered, or what to do about it. */
export interface Answered {
  value?: Record<string, unknown>;
  error?: string;
}

/** What was answered to a control, as `value` of upstream's results. */
export function answerTo(control: ControlPart, fields: Fields): Answered {
  const answer = readers[control.tag](control as never, fields);
  if (answer.value ?? answer.error) return answer;
  return control.required ? { error: control.requiredMessage ?? askFor(control) } : {};
}

const readers: {
  [Tag in ControlPart["tag"]]: (control: Extract<ControlPart, { tag: Tag }>, fields: Fields) => Answered;
} = {
  Choices: choices,
  Taxonomy: taxonomy,
  TextArea: textArea,
  Rating: rating,
  Number: number,
  DateTime: dateTime,
  Pairwise(control, fields) {
    const [side] = textsOf(fields, control.name);
    if (side === undefined) return {};
    return side === "left" || side === "right" ? { value: { selected: side } } : { error: "Choose one of the two." };
  },
  Ranker: ranker,
};

function askFor(control: ControlPart): string {
  if (control.tag === "Choices") return control.choice === "multiple" ? "Choose at least one." : "Choose one.";
  return {
    Taxonomy: "Choose at least one.",
    TextArea: "Write something.",
    Rating: "Give a rating.",
    Number: "Enter a number.",
    DateTime: control.tag === "DateTime" && control.input === "time" ? "Choose a time." : "Choose a date.",
    Pairwise: "Choose one of the two.",
    Ranker: "Number the items.",
  }[control.tag];
}

function choices(control: ChoicesPart, fields: Fields): Answered {
  const { chosen, error } = chosenFrom(control, fields);
  if (error) return { error };
  if (control.choice !== "multiple" && chosen.length > 1) return { error: "Choose one only." };
  return chosen.length ? { value: { choices: chosen.map(({ result }) => result) } } : {};
}

function taxonomy(control: TaxonomyPart, fields: Fields): Answered {
  const { chosen, error } = chosenFrom(control, fields);
  if (error) return { error };
  if (control.maxUsages !== undefined && chosen.length > control.maxUsages)
    return { error: `Choose at most ${control.maxUsages}.` };
  return chosen.length ? { value: { taxonomy: chosen.map(({ result }) => result) } } : {};
}

function chosenFrom(control: ChoicesPart | TaxonomyPart, fields: Fields): { chosen: Option[]; error?: string } {
  const chosen = chosenOptions(control, fields).filter(
    ({ options }) => control.parents_selectable || options.length === 0,
  );
  const known = new Set(chosen.map(({ key }) => key));
  if (textsOf(fields, control.name).every((key) => known.has(key))) return { chosen };
  return { chosen, error: "Choose from the options." };
}

function textArea(control: TextAreaPart, fields: Fields): Answered {
  const text = textsOf(fields, control.name).map((part) => part.replaceAll("\r\n", "\n"));
  const { maxSubmissions } = control;
  if (maxSubmissions && text.length > maxSubmissions) return { error: `Give at most ${maxSubmissions}.` };
  return text.length ? { value: { text } } : {};
}

function rating(control: RatingPart, fields: Fields): Answered {
  const text = textsOf(fields, control.name)[0]?.trim() ?? "0";
  const stars = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (stars === 0) return {};
  return stars <= control.maxRating ? { value: { rating: stars } } : { error: `Choose 1 to ${control.maxRating}.` };
}

function number(control: NumberPart, fields: Fields): Answered {
  const [text] = textsOf(fields, control.name);
  if (text === undefined) return {};
  const entered = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text.trim()) ? Number(text) : Number.NaN;
  if (!Number.isFinite(entered)) return { error: "Enter a number." };
  if (control.min !== undefined && entered < control.min) return { error: `Enter ${control.min} or more.` };
  if (control.max !== undefined && entered > control.max) return { error: `Enter ${control.max} or less.` };
  return { value: { number: entered } };
}

function dateTime(control: DateTimePart, fields: Fields): Answered {
  const [text] = textsOf(fields, control.name);
  if (text === undefined) return {};
  const { input, format, min, max } = control;
  if (!isMoment(text, input)) return { error: input === "time" ? "Choose a time." : "Choose a date." };
  // A day that is a limit is allowed at all its hours.
  const compared = (limit: string) => text.slice(0, Math.max(limit.length, 1));
  if (min && compared(min) < min) return { error: `Choose ${min} or later.` };
  if (max && compared(max) > max) return { error: `Choose ${max} or earlier.` };
  return { value: { datetime: formatMoment(text, format) } };
}

/** Places are numbers; items without one follow the others in the order of the list. */
function ranker(control: RankerPart, fields: Fields): Answered {
  const places = control.items.map(({ id }) => ({ id, text: textsOf(fields, `${control.name}.${id}`)[0] }));
  if (places.every(({ text }) => text === undefined)) return {};
  const given = places.flatMap(({ id, text }) => (text === undefined ? [] : [{ id, place: Number(text) }]));
  if (given.some(({ place }) => !Number.isInteger(place))) return { error: "Number the items: 1 is the first." };
  if (new Set(given.map(({ place }) => place)).size < given.length) return { error: "Give each item its own number." };
  const ranked = given.sort((one, other) => one.place - other.place).map(({ id }) => id);
  const rest = places.filter(({ text }) => text === undefined).map(({ id }) => id);
  return { value: { ranker: { [control.name]: [...ranked, ...rest] } } };
}
