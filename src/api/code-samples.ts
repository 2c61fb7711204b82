import type { Endpoint } from "./endpoint.ts";

export interface CodeSample {
  lang: "Shell" | "Python";
  source: string;
}

/** A call with curl and one in Python. `$URL` and `$TOKEN` stand for the server's address and a token of one's own. */
export function codeSamples(method: string, path: string, endpoint: Endpoint): CodeSample[] {
  return [
    { lang: "Shell", source: curl(method, path, endpoint) },
    { lang: "Python", source: endpoint.python },
  ];
}

function curl(method: string, path: string, { isOpen, reads, files, example, python }: Endpoint): string {
  const exampleId = /\bid=(\d+)/.exec(python)?.[1] ?? "1";
  const address = `$URL${path.replace("{user_id}", "2").replace("{export_pk}", "1").replace("{id}", exampleId)}`;
  const isImplied = method === (example || reads ? "POST" : "GET");
  const parts = [
    "curl",
    ...(isImplied ? [] : ["-X", method]),
    ...(files ? ["-OJ"] : []),
    ...(isOpen ? [] : [`-H "Authorization: Token $TOKEN"`]),
    ...(reads && !example ? ["-F avatar=@me.png"] : []),
    ...(example ? [`-H "Content-Type: application/json"`, `-d '${JSON.stringify(example)}'`] : []),
    `"${address}"`,
  ];
  return parts.join(" ");
}
