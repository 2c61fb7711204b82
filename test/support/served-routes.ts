import { endpointsByMethod } from "../../src/api/endpoint.ts";
import type { Endpoint, Method } from "../../src/api/endpoint.ts";
import { resources } from "../../src/api/index.ts";
import { publicRoutes, routes } from "../../src/routes/index.ts";

export interface ServedRoute {
  method: Method;
  /** With its parameters, such as `/projects/:id`. */
  path: string;
  /** That of the API; pages have none. */
  endpoint?: Endpoint;
}

const pages: ServedRoute[] = [publicRoutes, routes]
  .flatMap(({ stack }) => stack)
  // Middleware is in the stack as well, without methods; a GET also stands for its HEAD.
  .flatMap(({ path, methods }) => methods.map((method) => ({ method: method as Method, path: String(path) })))
  .filter(({ method }) => (method as string) !== "HEAD");

const calls: ServedRoute[] = resources.flatMap((resource) =>
  endpointsByMethod(resource).map(([method, endpoint]) => ({ method, path: resource.path, endpoint })),
);

/** Each route that the server answers, read from its routers: pages, then the API. */
export const servedRoutes: ServedRoute[] = [...pages, ...calls];
