import type { Browser } from "./app.ts";

type Fields = Record<string, string | string[]>;

/** Sends the log-in form. */
export function logIn(browser: Browser, fields: Fields, address = "/user/login/") {
  return browser.post(address).type("form").send(fields);
}

/** Sends the sign-up form. */
export function signUp(browser: Browser, fields: Fields, address = "/user/signup/") {
  return browser.post(address).type("form").send(fields);
}
