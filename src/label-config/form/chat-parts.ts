import { displayText, objectMembers, textFor, valueFor } from "../task-values.ts";
import { attribute } from "../xml/tree.ts";
import type { Tag } from "../xml/tree.ts";
import type { ChatMessagePart, ChatPart, ControlPart } from "./parts.ts";
import type { Fields } from "./visibility.ts";

/** The messages of a task, and the question for more of them, unless there are as many as there may be. */
export function chatParts(tag: Tag, data: Record<string, unknown>): [ChatPart] | [ChatPart, ChatMessagePart] {
  const name = attribute(tag, "name") ?? "";
  const messages = messagesOf(valueFor(attribute(tag, "value"), data));
  const chat: ChatPart = { tag: "Chat", name, messages };
  const [minMessages, maxMessages] = ["minMessages", "maxMessages"].map((limit) =>
    countIn(textFor(attribute(tag, limit), data)),
  );
  if (!name || (maxMessages !== undefined && messages.length >= maxMessages)) return [chat];
  const roles = (attribute(tag, "messageRoles") ?? "user,assistant").split(",").map((role) => role.trim());
  const question: ChatMessagePart = {
    tag: "ChatMessage",
    name,
    to_name: name,
    required: minMessages !== undefined && messages.length < minMessages,
    requiredMessage: undefined,
    conditions: undefined,
    roles: roles.filter(Boolean),
    message_count: messages.length,
    last_role: messages.at(-1)?.role,
    minMessages,
    maxMessages,
  };
  return [chat, question];
}

function messagesOf(value: unknown): ChatPart["messages"] {
  const messages = (Array.isArray(value) ? value : [value]).map((message) => {
    const { role, content, text } = objectMembers(message);
    return { role: displayText(role), text: typeof message === "string" ? message : messageText(content ?? text) };
  });
  return messages.filter(({ text }) => text);
}

/** The content of a message: a text, or parts that have texts. */
function messageText(content: unknown): string {
  if (!Array.isArray(content)) return displayText(content);
  const texts = content.map((part) =>
    displayText(typeof part === "string" ? part : (objectMembers(part).text ?? part)),
  );
  return texts.join("\n");
}

function countIn(text: string): number | undefined {
  return /^\d{1,6}$/.test(text.trim()) ? Number(text) : undefined;
}

/** A message that somebody wrote. */
export interface WrittenMessage {
  role: string;
  text: string;
  /** Of the entry of a result that it is from; empty for a new one. */
  key: string;
}

/** The messages in the fields of a form, in their order; without those whose text is blank. */
export function writtenMessages(
  { name, roles }: Pick<ChatMessagePart, "name" | "roles">,
  fields: Fields,
): WrittenMessage[] {
  const lists = [name, `${name}@role`, `${name}@key`].map((field) =>
    Object.hasOwn(fields, field) ? [fields[field] ?? []].flat() : [],
  );
  const [texts = [], written = [], keys = []] = lists;
  const messages = texts.map((text, index) => ({
    text,
    role: written[index] || (roles[0] ?? "user"),
    key: keys[index] ?? "",
  }));
  return messages.filter(({ text }) => text.trim() !== "");
}

/** The fields of messages. */
export function messageFields(name: string, messages: WrittenMessage[]): [string, string[]][] {
  return [
    [name, messages.map(({ text }) => text)],
    [`${name}@role`, messages.map(({ role }) => role)],
    [`${name}@key`, messages.map(({ key }) => key)],
  ];
}

/** What stands for an entry of a result in a form: its id, or where it is for one without. */
export function messageKey(id: unknown, index: number): string {
  return typeof id === "string" && id ? id : `#${index}`;
}

/** Whose turn it is after these messages and those of the task: the role after the last one's. */
export function nextRole({ roles, last_role }: ChatMessagePart, messages: WrittenMessage[]): string {
  const last = messages.at(-1)?.role ?? last_role ?? "";
  return roles[(roles.indexOf(last) + 1) % Math.max(1, roles.length)] ?? "user";
}

export function isChatMessagePart(control: ControlPart): control is ChatMessagePart {
  return control.tag === "ChatMessage";
}
