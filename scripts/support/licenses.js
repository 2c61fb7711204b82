import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { root } from "./run.js";

/** Texts of licenses of packages that come without, by the names of the packages. */
const texts = path.join(root, "scripts", "support", "licenses");

/** The packages that esbuild has put into a bundle, with their versions and the texts of their licenses. */
export function licensesOf({ inputs }) {
  const packages = Object.keys(inputs).flatMap((input) => packageFolder(input) ?? []);
  const folders = new Set(packages.flatMap((folder) => (isBundle(folder) ? [folder, ...needed(folder)] : [folder])));
  return [...folders]
    .sort((one, other) => (one < other ? -1 : 1))
    .map(licenseOf)
    .join(`\n${"-".repeat(80)}\n\n`);
}

/** `node_modules/a/node_modules/@b/c/index.js` belongs to `node_modules/a/node_modules/@b/c`. */
function packageFolder(input) {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
}

/** Whether a package's file is a bundle, which holds the packages that it needs. */
function isBundle(folder) {
  return folder.endsWith("/@annotorious/annotorious");
}

/** The folders of the packages that a package needs, and of those that these need. */
function needed(folder) {
  const { dependencies = {} } = manifestOf(folder);
  return Object.keys(dependencies).flatMap((name) => {
    const inner = path.posix.join(folder, "node_modules", name);
    const place = existsSync(path.resolve(root, inner)) ? inner : path.posix.join("node_modules", name);
    return [place, ...needed(place)];
  });
}

function manifestOf(folder) {
  return JSON.parse(readFileSync(path.resolve(root, folder, "package.json"), "utf8"));
}

function licenseOf(folder) {
  const absolute = path.resolve(root, folder);
  const { name, version, license, licenses } = manifestOf(folder);
  const kind = license?.type ?? license ?? licenses?.map(({ type }) => type).join(" or ") ?? "no license stated";
  const file = readdirSync(absolute).find((each) => /^(licen[cs]e|copying)/i.test(each));
  const missing = path.join(texts, `${name.replaceAll("/", "+")}.txt`);
  const source = file ? path.join(absolute, file) : existsSync(missing) ? missing : undefined;
  const text = source ? readFileSync(source, "utf8").trim() : "";
  return `${name} ${version}: ${kind}\n\n${text}\n`;
}
