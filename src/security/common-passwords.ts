/** How many of the most common passwords are refused, of those with 8 characters or more. */
const refused = 10_000;

/** Whether a password is one of those that guessers try first. The list is read when it is first needed. */
export async function isCommonPassword(password: string): Promise<boolean> {
  const { dictionary } = await import("@zxcvbn-ts/language-common");
  const mostCommonFirst = dictionary["passwords-common"].filter((each) => each.length >= 8).slice(0, refused);
  return mostCommonFirst.includes(password.toLowerCase());
}

/** Whether a password is no more than the product's name or what others know of a person, perhaps with digits behind. */
export function isGuessable(password: string, known: string[]): boolean {
  if (known.some((each) => each.toLowerCase() === password.toLowerCase())) return true;
  const bare = simplify(password);
  return ["atelier", "labelstudio", "humansignal", ...known.map(simplify)].some((each) => each !== "" && each === bare);
}

function simplify(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "")
    .replace(/\d+$/, "");
}
