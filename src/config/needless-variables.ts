import { prefixedNames } from "./settings.ts";

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

/** Returns the names of the variables that are set and have no effect. */
export function needlessVariables(environment: NodeJS.ProcessEnv): string[] {
  return needless.flatMap((name) => prefixedNames(name, true)).filter((name) => environment[name]);
}
