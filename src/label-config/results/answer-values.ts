import { writtenMessages } from "../form/chat-parts.ts";
import type { WrittenMessage } from "../form/chat-parts.ts";
import type {
  ChatMessagePart,
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
import { bucketField, rankerColumns, rankField } from "../form/ranker-fields.ts";
import { formatDateTime, isInputValue } from "../form/strftime.ts";
import { selectedOptions, fieldTexts } from "../form/visibility.ts";
import type { Fields } from "../form/visibility.ts";

/** The answer to one control, or a message about it; neither when there is no answer. */
interface ControlAnswer {
  value?: Record<string, unknown>;
  /** Of a Chat, whose messages are entries of their own. */
  messages?: WrittenMessage[];
  error?: string;
}

/** Reads a control's answer from the form, as `value` of a result's entry. */
export function readAnswer(control: ControlPart, fields: Fields): ControlAnswer {
  const answer = readers[control.tag](control as never, fields);
  if (answer.value ?? answer.messages ?? answer.error) return answer;
  return control.required ? { error: control.requiredMessage ?? requiredMessage(control) } : {};
}

/** What Label Studio writes when a control is submitted as it was shown: a Ranker's items in the order of the list. */
export function untouchedAnswer(control: ControlPart): Record<string, unknown> | undefined {
  if (control.tag !== "Ranker" || control.items.length === 0) return undefined;
  const { names, initial } = rankerColumns(control);
  const ids = control.items.map(({ id }) => id);
  return { ranker: Object.fromEntries(names.map((name) => [name, name === initial ? ids : []])) };
}

const readers: {
  [Tag in ControlPart["tag"]]: (control: Extract<ControlPart, { tag: Tag }>, fields: Fields) => ControlAnswer;
} = {
  Choices: choices,
  Taxonomy: taxonomy,
  TextArea: textArea,
  Rating: rating,
  Number: number,
  DateTime: dateTime,
  Pairwise(control, fields) {
    const [side] = fieldTexts(fields, control.name);
    if (side === undefined) return {};
    return side === "left" || side === "right" ? { value: { selected: side } } : { error: "Choose one of the two" };
  },
  Ranker: ranker,
  ChatMessage: chatMessages,
};

function requiredMessage(control: ControlPart): string {
  if (control.tag === "Choices") return control.choice === "multiple" ? "Choose at least one" : "Choose one";
  return {
    Taxonomy: "Choose at least one",
    TextArea: "Write something",
    Rating: "Give a rating",
    Number: "Enter a number",
    DateTime: control.tag === "DateTime" && control.input === "time" ? "Choose a time" : "Choose a date",
    Pairwise: "Choose one of the two",
    Ranker: "Number the items",
    ChatMessage: "Write a message",
  }[control.tag];
}

function choices(control: ChoicesPart, fields: Fields): ControlAnswer {
  const { selected, error } = selectedFrom(control, fields);
  if (error) return { error };
  if (control.choice !== "multiple" && selected.length > 1) return { error: "Choose one only" };
  return selected.length ? { value: { choices: selected.map(({ result }) => result) } } : {};
}

function taxonomy(control: TaxonomyPart, fields: Fields): ControlAnswer {
  const { selected, error } = selectedFrom(control, fields);
  if (error) return { error };
  if (control.maxUsages !== undefined && selected.length > control.maxUsages)
    return { error: `Choose at most ${control.maxUsages}` };
  return selected.length ? { value: { taxonomy: selected.map(({ result }) => result) } } : {};
}

function selectedFrom(control: ChoicesPart | TaxonomyPart, fields: Fields): { selected: Option[]; error?: string } {
  const selected = selectedOptions(control, fields).filter(
    ({ options }) => control.parents_selectable || options.length === 0,
  );
  const keys = new Set(selected.map(({ key }) => key));
  if (fieldTexts(fields, control.name).every((key) => keys.has(key))) return { selected };
  return { selected, error: "Choose from the options" };
}

function textArea(control: TextAreaPart, fields: Fields): ControlAnswer {
  const text = fieldTexts(fields, control.name).map((part) => part.replaceAll("\r\n", "\n"));
  const { maxSubmissions } = control;
  if (maxSubmissions && text.length > maxSubmissions) return { error: `Give at most ${maxSubmissions}` };
  return text.length ? { value: { text } } : {};
}

function rating(control: RatingPart, fields: Fields): ControlAnswer {
  const text = fieldTexts(fields, control.name)[0]?.trim() ?? "0";
  const stars = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (stars === 0) return {};
  return stars <= control.maxRating ? { value: { rating: stars } } : { error: `Choose 1 to ${control.maxRating}` };
}

function number(control: NumberPart, fields: Fields): ControlAnswer {
  const [text] = fieldTexts(fields, control.name);
  if (text === undefined) return {};
  const entered = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text.trim()) ? Number(text) : Number.NaN;
  if (!Number.isFinite(entered)) return { error: "Enter a number" };
  if (control.min !== undefined && entered < control.min) return { error: `Enter ${control.min} or more` };
  if (control.max !== undefined && entered > control.max) return { error: `Enter ${control.max} or less` };
  return { value: { number: entered } };
}

function dateTime(control: DateTimePart, fields: Fields): ControlAnswer {
  const [text] = fieldTexts(fields, control.name);
  if (text === undefined) return {};
  const { input, format, min, max } = control;
  if (!isInputValue(text, input)) return { error: input === "time" ? "Choose a time" : "Choose a date" };
  // A limit without a time includes the whole day.
  const comparable = (limit: string) => text.slice(0, Math.max(limit.length, 1));
  if (min && comparable(min) < min) return { error: `Choose ${min} or later` };
  if (max && comparable(max) > max) return { error: `Choose ${max} or earlier` };
  return { value: { datetime: formatDateTime(text, format) } };
}

/**
 * The order of the items, in each bucket where there are some. Items without a number follow the others in the order of the list.
 */
function ranker(control: RankerPart, fields: Fields): ControlAnswer {
  const columns = rankerColumns(control);
  const placed = control.items.map(({ id }) => ({
    id,
    rank: fieldTexts(fields, rankField(control, id))[0],
    column: fieldTexts(fields, bucketField(control, id))[0] ?? columns.initial,
  }));
  if (placed.every(({ rank, column }) => rank === undefined && column === columns.initial)) return {};
  if (placed.some(({ rank }) => rank !== undefined && !Number.isInteger(Number(rank))))
    return { error: "Number the items: 1 is the first" };
  if (placed.some(({ column }) => !columns.names.includes(column))) return { error: "Choose from the groups" };
  const order: [string, string[]][] = [];
  for (const name of columns.names) {
    const inside = placed.filter(({ column }) => column === name);
    const ranked = inside.flatMap(({ id, rank }) => (rank === undefined ? [] : [{ id, rank: Number(rank) }]));
    if (new Set(ranked.map(({ rank }) => rank)).size < ranked.length) return { error: "Give each item its own number" };
    const rest = inside.flatMap(({ id, rank }) => (rank === undefined ? id : []));
    order.push([name, [...ranked.sort((one, other) => one.rank - other.rank).map(({ id }) => id), ...rest]]);
  }
  return { value: { ranker: Object.fromEntries(order) } };
}

/** Both limits count the messages of the task, too; the lower one is no matter of drafts. */
function chatMessages(control: ChatMessagePart, fields: Fields): ControlAnswer {
  const messages = writtenMessages(control, fields);
  const { minMessages = 0, maxMessages = Infinity, message_count } = control;
  const count = message_count + messages.length;
  if (count > maxMessages) return { error: `Write at most ${maxMessages - message_count} messages` };
  if (control.required && count < minMessages) return { error: messagesMissing(minMessages - count) };
  return messages.length ? { messages } : {};
}

function messagesMissing(count: number): string {
  return count === 1 ? "Write one more message" : `Write ${count} more messages`;
}
