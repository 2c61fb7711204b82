import assert from "node:assert/strict";
import { test } from "node:test";

import { safeRedirectPath } from "../../src/security/safe-redirect.ts";

test("next: a path of this site is followed, with its query and fragment (L5)", () => {
  for (const next of [
    "/",
    "/people/",
    "/people/?q=ada&sort=-email",
    "/user/account/#tokens",
    "/projects/1/data?tab=2",
    "/@ada",
    "/a//b",
  ]) {
    assert.equal(safeRedirectPath(next), next);
  }
});

test("next: what leads to another site is replaced by the first page (L5)", () => {
  for (const next of [
    "http://evil.example/",
    "https:evil.example",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/\u0000/evil.example",
    "/people/\\evil.example",
    "@evil.example",
    "evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "?next=//evil.example",
    "",
  ]) {
    assert.equal(safeRedirectPath(next), "/", JSON.stringify(next));
  }
});

test("next: dots that a browser takes away leave no address of another site (L5)", () => {
  for (const next of [
    "/.//evil.example",
    "/./%2e//evil.example",
    "/%2e//evil.example",
    "/x/..//evil.example",
    "/..//e.x",
  ]) {
    assert.doesNotMatch(safeRedirectPath(next), /^\/[/\\]/, next);
  }
});

test("next: what is no text is replaced by the first page (L5)", () => {
  for (const next of [undefined, null, 7, ["/people/"], { toString: () => "/people/" }])
    assert.equal(safeRedirectPath(next), "/");
});

test("next: nobody is logged out by logging in", () => {
  for (const next of ["/logout", "/logout/", "/logout?x=1", "/./logout", "/people/../logout", "/Logout", "/LOGOUT/"]) {
    assert.equal(safeRedirectPath(next), "/", next);
  }
});
