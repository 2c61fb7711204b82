import { createHash } from "node:crypto";

/** Characters of a file's name without its ending: file systems take 255 bytes. */
const maxNameLength = 251;

/** What a file of media is called in an export, which does not hold the file itself. */
export interface MediaFile {
  /** Of the file, such as `1f0e3dad__car.png`. */
  name: string;
  /** Without those digits. */
  plainName: string;
  /** The name without its ending, for the files that are about it. */
  stem: string;
  /** Whether it is in a storage that the server does not read, so that only its address says where it is. */
  isInCloud: boolean;
  address: string;
}

/**
 * The file behind the address in a task's data, the last one of a list; undefined where there is no text. An upload has the name
 * under which it is stored; what is on the web has 8 digits in front, the same ones for the same address.
 */
export function mediaFile(value: unknown): MediaFile | undefined {
  const address: unknown = Array.isArray(value) ? value.findLast((each) => typeof each === "string") : value;
  if (typeof address !== "string") return undefined;
  const isInCloud = /^(?:s3|gs|azure-blob):/.test(address);
  const plainName = lastPart(pathIn(address, isInCloud) ?? pathOf(address)).replaceAll(/[\\\0]/g, "_");
  const digits = createHash("md5").update(address).digest("hex").slice(0, 8);
  const name = pathIn(address, isInCloud) === undefined ? `${digits}__${plainName}` : plainName;
  return { name, plainName, stem: [...withoutEnding(name)].slice(0, maxNameLength).join(""), isInCloud, address };
}

/** The path of a file in a storage or of this server; undefined for what is on the web. */
function pathIn(address: string, isInCloud: boolean): string | undefined {
  if (isInCloud || /^\/?(?:data\/)?upload/.test(address)) return address;
  const query = new URLSearchParams(address.split("?")[1]);
  if (address.startsWith("/data/") && query.has("d")) return query.getAll("d").at(-1);
  return /^\/?storage-data\/uploaded/.test(address) ? (query.get("filepath") ?? "") : undefined;
}

/** The path of an address, without the parameters of its last part, as Python's urlparse finds it. */
function pathOf(address: string): string {
  const [, scheme = "", path = ""] = /^(?:([a-z][a-z0-9+.-]*):)?(?:\/\/[^/?#]*)?([^?#]*)/i.exec(address) ?? [];
  const hasParameters = ["", "http", "https", "ftp", "hdl", "prospero", "shttp", "imap", "sftp", "mms", "rtsp", "sip"];
  if (!hasParameters.includes(scheme.toLowerCase())) return path;
  const last = path.lastIndexOf("/") + 1;
  return path.slice(0, last) + path.slice(last).replace(/;.*$/s, "");
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Dots at the beginning of a name begin no ending. */
function withoutEnding(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot > 0 && /[^.]/.test(name.slice(0, dot)) ? name.slice(0, dot) : name;
}
