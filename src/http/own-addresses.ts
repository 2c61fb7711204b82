/** The beginning of a value, in JSON, that is the address of a file on this server. */
const ownAddress = /"(?=\/data\/(?:upload|local-files)\/)/g;

/**
 * The data of a task, JSON, as a page needs it: tasks have the addresses of files on this server without the path below which the server
 * is, as in Label Studio.
 */
export function withBasePath(data: string, base_path: string): string {
  return base_path === "" ? data : data.replaceAll(ownAddress, () => `"${base_path}`);
}
