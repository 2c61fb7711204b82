import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { root } from "./run.js";

/** The packages that esbuild has put into a bundle, with their versions and the texts of their licenses. */
export function licensesOf({ inputs }) {
  const folders = new Set(Object.keys(inputs).flatMap((input) => packageFolder(input) ?? []));
  return [...folders]
    .sort()
    .map(licenseOf)
    .join(`\n${"-".repeat(80)}\n\n`);
}

/** `node_modules/a/node_modules/@b/c/index.js` belongs to `node_modules/a/node_modules/@b/c`. */
function packageFolder(input) {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
}

function licenseOf(folder) {
  const absolute = path.resolve(root, folder);
  const { name, version, license, licenses } = JSON.parse(readFileSync(path.join(absolute, "package.json"), "utf8"));
  const kind = license?.type ?? license ?? licenses?.map(({ type }) => type).join(" or ") ?? "no license stated";
  const file = readdirSync(absolute).find((each) => /^(licen[cs]e|copying)/i.test(each));
  const text = file ? readFileSync(path.join(absolute, file), "utf8").trim() : "";
  return `${name} ${version}: ${kind}\n\n${text}\n`;
}
