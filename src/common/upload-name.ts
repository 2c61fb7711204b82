import { randomBytes } from "node:crypto";
import path from "node:path";

/** Characters of a stored name, without the digits in front of it. */
const maxLength = 80;

/**
 * The name under which an uploaded file is stored and served: eight random hexadecimal digits, and what is harmless of the name that
 * it came with, so that people recognize it and nobody else's file has the same address.
 */
export function uploadName(name: string): string {
  const base = name.split(/[/\\]/).at(-1) ?? "";
  const words = base
    .normalize("NFC")
    .trim()
    .replaceAll(/\s+/g, "_")
    .replaceAll(/[^\p{L}\p{M}\p{N}_.-]/gu, "");
  const extension = path.extname(words).slice(0, maxLength / 4);
  const letters = Array.from(words.slice(0, words.length - extension.length));
  const stem = letters.slice(0, maxLength - extension.length).join("");
  return `${randomBytes(4).toString("hex")}-${stem || "file"}${extension}`;
}

/** The name that people know: without the digits. */
export function originalName(stored: string): string {
  return stored.replace(/^[\da-f]{8}-/, "");
}

/** The address of an upload, as the data of tasks has it. */
export function uploadAddress(project_id: number, name: string): string {
  return `/data/upload/${project_id}/${encodeURIComponent(name)}`;
}
