import { gzipSync } from "node:zlib";

import type { ServedRoute } from "../support/served-routes.ts";
import { oddHeaders, oddJson, oddMethods, oddNexts, oddSegments, oddTexts, oddValues } from "./odd-values.ts";
import { Random } from "./random.ts";
import { routes, validBodies, validQuery } from "./valid-requests.ts";
import type { Body, Fields, Part } from "./valid-requests.ts";
import type { Credentials, World } from "./world.ts";

export interface FuzzedRequest {
  method: string;
  /** The path with its query. */
  target: string;
  headers: Record<string, string>;
  body: Buffer | undefined;
  /** How its bytes break HTTP itself; such a request is sent over a socket of its own, and need not be answered. */
  broken?: "short" | "long" | "chunk" | "garbage" | undefined;
}

const boundary = "----atelier";

/** Bodies that are large, or that become large; they are made once. */
const largeBodies = [
  gzipSync(Buffer.alloc(8_000_000)),
  ...["a", "[", "&", '"', "\0", "<a>", "%"].map((text) => Buffer.alloc(1_200_000, text)),
];

/** They have bodies to get wrong. */
const changing = routes.filter(({ method }) => method !== "GET");

/**
 * Makes request number `index` of a seed: a valid one of any page or call, changed in one to four places. It depends on these
 * two numbers and on the ids and credentials of the world alone.
 */
export function generateRequest(seed: number, index: number, world: World): FuzzedRequest {
  const random = new Random(seed, index);
  const route = chooseRoute(random);
  const headers: Record<string, string> = { "X-Forwarded-For": `10.${random.below(250)}.${random.below(250)}.1` };
  const request: FuzzedRequest = { method: route.method, target: "", headers, body: undefined };
  Object.assign(headers, chooseCredentials(random, route, world));
  if (!random.chance(0.2)) headers["Sec-Fetch-Site"] = "same-origin";
  let query = validQuery(route, world);
  let path = fillPath(random, route, world);
  let body = random.pick(validBodies(route, world));
  let encode = (plain: Body) => encodeBody(random, plain, false);

  const changes = [
    () => (path = changePath(random, path)),
    () => (query = changeQuery(random, query)),
    () => changeHeader(random, headers),
    () => (body = changeBody(random, body)),
    () => (body = changeBody(random, body)),
    () => (body = changeBody(random, body)),
    () => (encode = (plain) => encodeBody(random, plain, true)),
    () => (request.method = random.pick(oddMethods)),
  ];
  // One in twenty stays valid.
  const count = random.chance(0.05) ? 0 : 1 + random.below(4);
  for (let change = 0; change < count; change++) random.pick(changes)();

  const encoded = encode(body);
  headers["Content-Type"] ??= encoded.type;
  if (!headers["Content-Type"]) delete headers["Content-Type"];
  request.target = path + (query && `?${query}`);
  request.body = encoded.bytes;
  if (random.chance(0.02)) request.broken = random.pick(["short", "long", "chunk", "garbage"] as const);
  return request;
}

function chooseRoute(random: Random): ServedRoute {
  const route = random.pick(random.chance(0.7) ? changing : routes);
  // A password's hash takes as long as fifty other requests.
  const isSlow = /^\/user\/(?:login|signup|account\/(?:password|sessions))/.test(route.path) && route.method === "POST";
  return isSlow && random.chance(0.8) ? chooseRoute(random) : route;
}

/** What ends one's session or tokens is left to one person, and the others stay signed in. */
function chooseCredentials(random: Random, { path }: ServedRoute, world: World): Credentials {
  const chosen = random.below(10);
  if (chosen === 0) return {};
  if (chosen === 1) return { Cookie: `sessionid=${random.bytes(32).toString("base64url")}` };
  if (/^\/logout|reset-token|blacklist|rotate/.test(path)) return world.leaving;
  return random.pick(chosen < 6 ? world.members : world.owner);
}

function fillPath(random: Random, { method, path }: ServedRoute, { ids }: World): string {
  // Few deletions find a record, so that there is something to ask for until the round ends.
  const isGone = /delete/i.test(method + path) && random.chance(0.9);
  const noun = path.split("/").find((part) => part in ids) ?? "projects";
  const idOf = (of: string) => String(isGone ? 1_000_000_000 : random.pick(ids[of] ?? [1]));
  return path.replaceAll(/:(\w+)/g, (_, name: string) => {
    if (random.chance(0.1)) return random.pick(oddSegments);
    if (path.startsWith("/api/organizations/") && name === "id") return "1";
    if (name === "id") return idOf(path.startsWith("/people/") ? "users" : noun);
    return idOf(
      {
        task_id: "tasks",
        annotation_id: "annotations",
        user_id: "users",
        export_pk: "exports",
        import_id: "imports",
        view_id: "views",
      }[name] ?? "projects",
    );
  });
}

function changePath(random: Random, path: string): string {
  const parts = path.split("/");
  const at = 1 + random.below(parts.length);
  const changed = [
    () => parts.with(Math.min(at, parts.length - 1), random.pick(oddSegments)).join("/"),
    () => parts.toSpliced(at, 0, random.pick(oddSegments)).join("/"),
    () => path.toUpperCase(),
    () => (path.endsWith("/") ? path.slice(0, -1) : `${path}/`),
    () => `/${path}`,
    () => path.replaceAll("/", "//"),
    () => path.replaceAll("/", random.pick(["%2f", "\\", "/./", "/../"])),
    () => `${path}.json`,
  ];
  return random.pick(changed)();
}

const queryNames = [
  "page",
  "page_size",
  "q",
  "sort",
  "after",
  "before",
  "ordering",
  "include",
  "fields",
  "ids",
  "query",
  "next",
  "token",
  "id",
  "project",
  "exportType",
  "download_all_tasks",
  "last",
  "labeled",
  "person",
  "status",
];

function changeQuery(random: Random, query: string): string {
  const odd = random.pick(oddTexts).slice(0, 5_000);
  const name = random.pick([...queryNames, ...oddTexts.filter((text) => text.length < 30)]);
  const added = [
    () => `${encodeText(name)}=${encodeText(odd)}`,
    () => `${name}=${encodeText(odd)}&${name}=1&${name}=`,
    () => `${name}[]=1&${name}[a][b]=2&${name}[__proto__]=3`,
    () => `${random.pick(queryNames)}=${random.pick(oddSegments)}`,
    () => `next=${encodeText(random.pick(oddNexts))}`,
    () => "a&=&==&%",
    () => Array.from({ length: 1_500 }, (_, index) => `a${index}=1`).join("&"),
    () =>
      `query=${encodeText(JSON.stringify({ filters: { conjunction: "or", items: [{ filter: odd.slice(0, 500) }] } }))}`,
  ];
  return [query, random.pick(added)()].filter(Boolean).join("&");
}

/** As encodeURIComponent, which refuses half a surrogate pair. */
function encodeText(text: string): string {
  return text.isWellFormed() ? encodeURIComponent(text) : "%ED%A0%80";
}

function changeHeader(random: Random, headers: Record<string, string>): void {
  const name = random.pick(Object.keys(oddHeaders));
  headers[name] = random.pick(oddHeaders[name] ?? []);
}

function changeBody(random: Random, body: Body): Body {
  if (random.chance(0.03))
    return random.pick<Body>([{ kind: "none" }, { kind: "json", value: random.pick(oddValues) }]);
  if (body.kind === "json") return { kind: "json", value: changeValue(random, body.value) };
  if (body.kind === "form") return { kind: "form", fields: changeFields(random, body.fields) };
  if (body.kind === "multipart") return { kind: "multipart", parts: changeParts(random, body.parts) };
  return body;
}

function changeValue(random: Random, value: unknown): unknown {
  if (value === null || typeof value !== "object" || random.chance(0.15)) {
    const nested = random.chance(0.1) ? nest(value, 10 + random.below(300)) : undefined;
    return nested ?? random.pick(oddValues);
  }
  if (Array.isArray(value)) {
    if (value.length === 0 || random.chance(0.3)) return [...value, random.pick(oddValues)];
    const at = random.below(value.length);
    return value.with(at, changeValue(random, value[at]));
  }
  const names = Object.keys(value);
  const name =
    names.length === 0 || random.chance(0.3) ? random.pick([...knownNames, ...oddTexts]) : random.pick(names);
  const old: unknown = Object.getOwnPropertyDescriptor(value, name)?.value;
  if (random.chance(0.1)) return Object.fromEntries(Object.entries(value).filter(([each]) => each !== name));
  // As an own property, also when it is called __proto__.
  return Object.fromEntries([...Object.entries(value), [name, changeValue(random, old)]]);
}

const knownNames = [
  "id",
  "title",
  "label_config",
  "data",
  "meta",
  "result",
  "lead_time",
  "ground_truth",
  "score",
  "task",
  "project",
  "email",
  "username",
  "first_name",
  "is_active",
  "is_superuser",
  "selectedItems",
  "filters",
  "overlap",
  "inner_id",
  "was_cancelled",
  "model_version",
  "annotations",
  "predictions",
  "url",
  "password",
];

function nest(value: unknown, depth: number): unknown {
  return depth === 0 ? value : nest([value], depth - 1);
}

function changeFields(random: Random, fields: Fields): Fields {
  const odd = random.pick(oddTexts);
  const at = random.below(Math.max(1, fields.length));
  const [name = "a"] = fields[at] ?? [];
  const changed: (() => Fields)[] = [
    () => fields.with(Math.min(at, Math.max(0, fields.length - 1)), [name, odd]),
    () => fields.filter((_, index) => index !== at),
    () => [...fields, [name, odd]],
    () => [...fields, [`${name}[${random.pick(["", "a", "__proto__", "0"])}]`, odd]],
    () => [...fields, [odd.slice(0, 200), random.pick(oddTexts)]],
    () => [...fields, ["next", random.pick(oddNexts)]],
    () => [...fields, ...Array.from({ length: 3_000 }, (_, index): [string, string] => [`a${index}`, ""])],
  ];
  return fields.length === 0 ? [[name, odd]] : random.pick(changed)();
}

function changeParts(random: Random, parts: Part[]): Part[] {
  const at = random.below(Math.max(1, parts.length));
  const part = parts[at] ?? { name: "a", content: "" };
  const odd = random
    .pick(oddTexts)
    .slice(0, 3_000)
    .replaceAll(/[\r\n]/g, " ");
  const whole = Buffer.from(part.content);
  const replace = (changed: Partial<Part>) => parts.with(at, { ...part, ...changed });
  const changed: (() => Part[])[] = [
    () => replace({ name: odd }),
    () => replace({ filename: odd }),
    () =>
      replace({ filename: random.pick(["a.json", "a.jsonl", "a.tsv", "a.txt", "a.html", "a.png.svg", "a.gif", ""]) }),
    () => replace({ content: random.pick(oddTexts) }),
    () => replace({ content: random.pick(oddJson) }),
    () =>
      replace({
        content: JSON.stringify([{ data: { text: random.pick(oddValues) }, annotations: random.pick(oddValues) }]),
      }),
    () => replace({ content: `text,${odd}\n"a\n${odd}"",\n`.repeat(1 + random.below(20)) }),
    () => replace({ content: whole.subarray(0, random.below(whole.length + 1)) }),
    () => replace({ content: flip(random, whole) }),
    () => replace({ content: random.bytes(random.below(3_000)) }),
    () => [...parts, part],
    () => parts.filter((_, index) => index !== at),
    () => Array.from({ length: 120 }, () => part),
  ];
  return parts.length === 0 ? [part] : random.pick(changed)();
}

/** Changes a few bytes. */
function flip(random: Random, bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  for (let count = 1 + random.below(8); count > 0 && changed.length > 0; count--)
    changed[random.below(changed.length)] = random.below(256);
  return changed;
}

/** `isOdd`: the bytes are not what the type says. */
function encodeBody(random: Random, body: Body, isOdd: boolean): { type: string; bytes: Buffer | undefined } {
  const plain = encodePlain(body);
  if (!isOdd || (body.kind === "none" && random.chance(0.7))) return plain;
  const bytes = plain.bytes ?? Buffer.alloc(0);
  const odd = [
    () => flip(random, bytes),
    () => bytes.subarray(0, random.below(bytes.length + 1)),
    () => Buffer.concat([bytes, random.bytes(20)]),
    () => Buffer.concat([Buffer.from("\ufeff"), bytes]),
    () => Buffer.from(random.pick(oddJson)),
    () => Buffer.from(bytes.toString("utf8"), "utf16le"),
    () => gzipSync(bytes),
    () => random.bytes(random.below(2_000)),
    () => random.pick(largeBodies),
  ];
  const type = random.pick([plain.type, plain.type, plain.type, "application/json"]);
  return { type, bytes: random.pick(odd)() };
}

function encodePlain(body: Body): { type: string; bytes: Buffer | undefined } {
  switch (body.kind) {
    case "none":
      return { type: "", bytes: undefined };
    case "json":
      return { type: "application/json", bytes: Buffer.from(JSON.stringify(body.value) ?? "") };
    case "form": {
      const pairs = body.fields.map(([name, value]) => `${encodeText(name)}=${encodeText(value)}`);
      return { type: "application/x-www-form-urlencoded", bytes: Buffer.from(pairs.join("&")) };
    }
    case "multipart": {
      const parts = body.parts.flatMap(({ name, filename, content }) => {
        const file = filename === undefined ? "" : `; filename="${filename}"`;
        const head = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n`;
        return [Buffer.from(head), Buffer.from(content), Buffer.from("\r\n")];
      });
      const bytes = Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]);
      return { type: `multipart/form-data; boundary=${boundary}`, bytes };
    }
  }
}
