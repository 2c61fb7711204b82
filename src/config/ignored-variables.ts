import { editDistance } from "../common/edit-distance.ts";
import { prefixedNames, variableNames } from "./settings.ts";

/** Label Studio's variables for being behind a proxy that nothing needs here, so that old configurations work on. */
const needless = [
  "CSRF_TRUSTED_ORIGINS",
  "CSRF_COOKIE_SECURE",
  "CSRF_COOKIE_HTTPONLY",
  "CSRF_COOKIE_SAMESITE",
  "CSRF_COOKIE_AGE",
  "SESSION_COOKIE_SAMESITE",
  "USE_ENFORCE_CSRF_CHECKS",
  "DOMAIN_FROM_REQUEST",
  "FRONTEND_HOSTNAME",
  "USE_NGINX_FOR_UPLOADS",
  "USE_NGINX_FOR_EXPORT_DOWNLOADS",
];

/** Returns the names of Label Studio's variables that are set and have no effect. */
export function needlessVariables(environment: NodeJS.ProcessEnv): string[] {
  return needless.flatMap((name) => prefixedNames(name, true)).filter((name) => environment[name]);
}

/** What Kubernetes and Docker set for a service of the name label-studio. */
const serviceLinks = /^LABEL_STUDIO_(?:SERVICE_(?:HOST|PORT)|PORT_\d+_(?:TCP|UDP))/;

const prefix = /^(?:LABEL_STUDIO|HEARTEX)_/;

/** Returns what is set and begins as our variables do but is none, most often a misspelled one, with the one that was meant. */
export function unknownVariables(environment: NodeJS.ProcessEnv): { name: string; similar: string | undefined }[] {
  const known = new Set([...variableNames(), ...needless.flatMap((name) => prefixedNames(name, false))]);
  return Object.keys(environment)
    .filter((name) => prefix.test(name) && !known.has(name) && !serviceLinks.test(name))
    .filter((name) => environment[name])
    .map((name) => ({ name, similar: mostSimilar(name, [...known]) }));
}

/** The one that was probably meant: at most three letters differ, and two of five. */
function mostSimilar(name: string, known: string[]): string | undefined {
  const [best] = known
    .map((each) => ({ each, distance: editDistance(name, each) }))
    .sort((one, other) => one.distance - other.distance);
  const maxDistance = Math.min(3, 0.4 * name.replace(prefix, "").length);
  return best && best.distance <= maxDistance ? best.each : undefined;
}
