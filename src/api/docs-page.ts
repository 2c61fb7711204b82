import type { OpenApiDocument, Operation, Schema } from "./openapi.ts";

/** A field of what is sent or answered, in words. */
interface Field {
  name: string;
  is_required: boolean;
  words: string;
}

/** The API's document as its page shows it: calls by group, then the records that they answer. */
export function docsPage(document: OpenApiDocument) {
  const calls = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => call(method.toUpperCase(), path, operation, document)),
  );
  const bodies = new Set(calls.map(({ body_name }) => body_name));
  const records = Object.entries(document.components.schemas).filter(([name]) => !bodies.has(name));
  return {
    groups: document.tags.map(({ name }) => ({ name, calls: calls.filter(({ tag }) => tag === name) })),
    record_names: records.map(([name]) => name),
    records: records.map(([name, schema]) => ({ name, fields: fields(schema) })),
  };
}

function call(method: string, path: string, operation: Operation, { components }: OpenApiDocument) {
  const sent = operation.requestBody?.content;
  const { schema } = sent?.["application/json"] ?? sent?.["multipart/form-data"] ?? {};
  const name = schema?.$ref?.split("/").at(-1);
  const body = name ? components.schemas[name] : schema;
  return {
    id: operation.operationId,
    tag: operation.tags[0],
    method,
    path,
    summary: operation.summary,
    description: operation.description,
    is_open: operation.security.length === 0,
    parameters: operation.parameters.map(({ name, required, schema }) => ({
      name,
      is_required: required,
      words: words(schema),
    })),
    body_name: name,
    body: body ? fields(body) : [],
    answers: Object.entries(operation.responses).map(([status, { description, content }]) => ({
      status,
      description,
      words: Number(status) < 300 && content ? answered(content) : "",
    })),
    samples: operation["x-codeSamples"],
  };
}

/** What is answered; of a file, its types. */
function answered(content: Record<string, { schema: Schema }>): string {
  const [json, ...others] = Object.keys(content);
  return others.length ? `a file: ${[json, ...others].join(", ")}` : words(content["application/json"]?.schema ?? {});
}

function fields({ properties = {}, required = [] }: Schema): Field[] {
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    is_required: required.includes(name),
    words: words(schema as Schema),
  }));
}

/** A schema in a few words. */
function words(schema: Schema): string {
  const { description } = schema;
  const name = kind(schema);
  return description ? `${name === "anything" ? "" : `${name}, `}${description}` : name;
}

function kind(schema: Schema): string {
  const { $ref, anyOf, type, format, enum: choices, items, maxLength, minimum, maximum, properties } = schema;
  if ($ref) return $ref.split("/").at(-1) ?? "";
  if (anyOf?.some(({ format }) => format === "date-time")) return "moment in ISO 8601";
  if (anyOf) return anyOf.map((each) => kind(each)).join(" or ");
  const types = [type ?? []].flat() as string[];
  const orNull = types.includes("null") ? " or null" : "";
  if (types.includes("boolean")) return `true or false${orNull}`;
  if (choices) return choices.map((choice) => JSON.stringify(choice)).join(", ");
  if (types.includes("integer")) {
    if (minimum === undefined || Math.abs(minimum) > 1e9) return "whole number";
    return `whole number from ${minimum}${maximum && maximum < 1e9 ? ` to ${maximum}` : ""}`;
  }
  if (format === "idn-email") return "email address";
  if (format === "date-time") return "moment in ISO 8601";
  if (format === "binary") return "file";
  if (types.includes("string")) return maxLength ? `text of at most ${maxLength} characters` : "text";
  if (types.includes("array")) return `list of ${kind((items ?? {}) as Schema)}`;
  if (types.includes("null")) return "null";
  if (properties) return `object with ${Object.keys(properties).join(", ")}`;
  return types.includes("object") ? "object" : "anything";
}
