import type { Router } from "@koa/router";

import { LatestCache } from "../common/latest-cache.ts";

/** Addresses that are remembered, and their characters: what somebody makes up must not fill the memory. */
const remembered = { addresses: 1000, characters: 200 };

/**
 * Lets a router remember where the latest addresses led: it compares an address with each of its routes otherwise, a hundred of
 * them for most pages. Returns the router.
 */
export function rememberMatches<State, Context>(router: Router<State, Context>): Router<State, Context> {
  const match = router.match.bind(router);
  const matches = new LatestCache<ReturnType<typeof match>>(remembered.addresses);
  router.match = (path, method) => {
    if (path.length > remembered.characters) return match(path, method);
    const { path: layers, pathAndMethod, route } = matches.get(`${method} ${path}`, () => match(path, method));
    // Copied, since the next router of the request adds its own to it.
    return { path: [...layers], pathAndMethod, route };
  };
  return router;
}
