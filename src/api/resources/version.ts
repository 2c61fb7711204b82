import { versions } from "../../common/package.ts";
import { versionsRecord } from "../../presenters/version.ts";
import { publicEndpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";

/** Versions, without credentials; nothing of the configuration. */
export const version: Resource[] = [
  {
    path: "/api/version/",
    tag: "Server",
    allow: "GET, HEAD",
    GET: publicEndpoint({
      summary: "Get the versions",
      description: "`release` is the Label Studio release that clients may expect; our own is under `atelier`.",
      python: "client.versions.get()",
      response: versionsRecord,
      handle: async () => versions(),
    }),
  },
];
