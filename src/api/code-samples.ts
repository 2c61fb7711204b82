import type { Endpoint } from "./endpoint.ts";

export interface CodeSample {
  lang: "Shell" | "Python";
  source: string;
}

/** Returns the call with curl and in Python; `$URL` and `$TOKEN` stand for the server's address and a user's token. */
export function codeSamples(method: string, path: string, endpoint: Endpoint): CodeSample[] {
  return [
    { lang: "Shell", source: curl(method, path, endpoint) },
    { lang: "Python", source: endpoint.python },
  ];
}

function curl(
  method: string,
  path: string,
  { isPublic, requestContent, responseContent, example, python }: Endpoint,
): string {
  const exampleId = /\bid=(\d+)/.exec(python)?.[1] ?? "1";
  const address = `$URL${path.replace("{user_id}", "2").replace("{export_pk}", "1").replace("{id}", exampleId)}`;
  const isDefaultMethod = method === (example || requestContent ? "POST" : "GET");
  const words = [
    "curl",
    ...(isDefaultMethod ? [] : ["-X", method]),
    ...(responseContent ? ["-OJ"] : []),
    ...(isPublic ? [] : [`-H "Authorization: Token $TOKEN"`]),
    ...(requestContent && !example ? ["-F avatar=@me.png"] : []),
    ...(example ? [`-H "Content-Type: application/json"`, `-d '${JSON.stringify(example)}'`] : []),
    `"${address}"`,
  ];
  return words.join(" ");
}
