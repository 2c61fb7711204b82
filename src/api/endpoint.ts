import type { Readable } from "node:stream";

import type { ParameterizedContext } from "koa";
import type * as z from "zod";

import type { RawJson } from "../common/raw-json.ts";
import type { Config } from "../config/config.ts";
import type { AppContext, SignedIn, Visitor } from "../context.ts";

/** What helpers of handlers need of the context of a signed-in user's request. */
export type RequestContext = Pick<AppContext, "repositories" | "config"> & { state: SignedIn };

/** A download: its file name, its media type, and its length in bytes if that is known before it is read. */
export class FileResponse {
  readonly type: string;
  readonly name: string;
  readonly content: Readable;
  readonly length: number | undefined;

  constructor(file: { type: string; name: string; content: Readable; length?: number | undefined }) {
    this.type = file.type;
    this.name = file.name;
    this.content = file.content;
    this.length = file.length;
  }
}

/** The validated input of an endpoint. */
export interface Input<Body, Query> {
  /** The ids in the address; 0, which no record has, for one that the address does not have. */
  params: { id: number; user_id: number; export_pk: number; annotation_id: number };
  body: Body;
  query: Query;
  /** The text of a JSON body: members that are stored exactly as submitted are copied from it. */
  rawBody: string | undefined;
}

type BodySchema<Body extends z.ZodType> = Body | ((config: Config) => Body);

interface Definition<
  State extends Visitor,
  Body extends z.ZodType,
  Query extends z.ZodType,
  Response extends z.ZodType,
> {
  summary: string;
  description?: string;
  /** The call in Python, by the SDK where it has one. */
  python: string;
  query?: Query;
  /** Names of query parameters that may be repeated; `query` gets an array for each of them. */
  repeatedParameters?: string[];
  body?: BodySchema<Body>;
  /** The size limit of `body`; 1 by default. */
  maxMegabytes?: number;
  /** A body to try the endpoint with. */
  example?: object;
  /** Whether it makes or shows credentials, or decides who gets in: a key may not. */
  isRefusedToKeys?: boolean;
  /** Whether a request with `Idempotency-Key` is carried out once, however often it is sent. */
  takesIdempotencyKey?: boolean;
  /** By media type: a body that the handler reads itself, such as files and what is too long for memory. */
  requestContent?: Record<string, z.ZodType>;
  /** 200 by default; 204 has no body. */
  status?: 201 | 204;
  response?: Response;
  /** By media type: the content of the file that is the response. */
  responseContent?: Record<string, z.ZodType>;
  /** Descriptions of error statuses, beside those that follow from the other members. */
  errors?: Record<number, string>;
  /** Schemas of errors that do not have the common shape. */
  errorSchemas?: Record<number, z.ZodType>;
  /** Turns validation errors by field into a body that does not have the common shape. */
  formatErrors?: (errors: Record<string, string[]>) => unknown;
  handle(
    ctx: ParameterizedContext<State, AppContext>,
    input: Input<z.output<Body>, z.output<Query>>,
  ): Promise<z.input<Response> | RawJson | Readable | FileResponse | void>;
}

/** One method of a resource: what it accepts, what it responds with, and its documentation. */
export interface Endpoint extends Omit<Definition<Visitor, z.ZodType, z.ZodType, z.ZodType>, "handle"> {
  /** Whether it needs no credentials. */
  isPublic: boolean;
  handle(ctx: ParameterizedContext<Visitor, AppContext>, input: Input<unknown, unknown>): Promise<unknown>;
}

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

export type Method = (typeof methods)[number];

/** One address of the API. With a slash at its end it also responds without; the reverse does not hold. */
export interface Resource extends Partial<Record<Method, Endpoint>> {
  path: string;
  tag: string;
  /** The Allow header, where Label Studio's is not the usual one: with another order, or without OPTIONS. */
  allow?: string;
  /** The challenge of a 401 in WWW-Authenticate, where it is not `Token`. */
  challenge?: string;
}

export function endpointsByMethod(resource: Resource): [Method, Endpoint][] {
  return methods.flatMap((method) => {
    const endpoint = resource[method];
    return endpoint ? [[method, endpoint]] : [];
  });
}

/** The methods that a resource responds to; others are refused with 405. */
export function allowedMethods(resource: Resource): string[] {
  if (resource.allow !== undefined) return resource.allow.split(", ");
  const own = endpointsByMethod(resource).map(([method]) => method);
  return [...own, ...(resource.GET ? ["HEAD"] : []), "OPTIONS"];
}

/** An endpoint for members. */
export function endpoint<
  Body extends z.ZodType = z.ZodUndefined,
  Query extends z.ZodType = z.ZodUndefined,
  Response extends z.ZodType = z.ZodUndefined,
>(definition: Definition<SignedIn, Body, Query, Response>): Endpoint {
  return { ...definition, isPublic: false };
}

/** An endpoint that needs no credentials. */
export function publicEndpoint<
  Body extends z.ZodType = z.ZodUndefined,
  Query extends z.ZodType = z.ZodUndefined,
  Response extends z.ZodType = z.ZodUndefined,
>(definition: Definition<Visitor, Body, Query, Response>): Endpoint {
  return { ...definition, isPublic: true };
}

/** The PUT beside a PATCH: Label Studio's PUT also leaves unchanged what is left out. */
export function putLikePatch(patch: Endpoint, python: string): Endpoint {
  const description = "As PATCH: what is left out stays.";
  return { ...patch, summary: `${patch.summary} by PUT`, description, python };
}

/** The schema of an endpoint's body, which may depend on the configuration. */
export function bodySchema({ body }: Endpoint, config: Config): z.ZodType | undefined {
  return typeof body === "function" ? body(config) : body;
}
