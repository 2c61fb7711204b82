/*
 * Regular expressions that other people wrote, run in time that grows with the text times the expression and never faster, by
 * following all ways through it at once (Thompson's construction). What can't be run so is refused: references back to a group,
 * and looking ahead or behind.
 */

type Test = (point: number) => boolean;

type Assertion = "start" | "end" | "boundary" | "no boundary";

type Step =
  | { kind: "test"; test: Test; next: number }
  | { kind: "split"; ways: number[] }
  | { kind: "assert"; assertion: Assertion; next: number }
  | { kind: "match" };

/** Makes the steps of a part that lead on to the step `next`, and returns the first of them. */
type Part = (steps: Step[], next: number) => number;

/** Why an expression can't be used. */
export class PatternError extends Error {}

const maxSteps = 500;
const maxDepth = 50;
const maxRepetitions = 500;

/** Returns a function that tells whether the expression is found anywhere in a text. Throws a PatternError. */
export function linearPattern(source: string): (text: string) => boolean {
  const ignoresCase = source.startsWith("(?i)");
  const part = parse(ignoresCase ? source.slice(4) : source, ignoresCase);
  const steps: Step[] = [{ kind: "match" }];
  const first = part(steps, 0);
  return (text) => isFound(steps, first, text);
}

function addStep(steps: Step[], step: Step): number {
  if (steps.length >= maxSteps) throw new PatternError("is too long: repeat less");
  return steps.push(step) - 1;
}

function parse(source: string, ignoresCase: boolean): Part {
  const points = Array.from(source, (character) => character.codePointAt(0) ?? 0);
  const letters = [...source];
  let at = 0;

  const alternatives = (depth: number): Part => {
    if (depth > maxDepth) throw new PatternError("has too many groups inside each other");
    const parts = [sequence(depth)];
    while (letters[at] === "|") {
      at++;
      parts.push(sequence(depth));
    }
    if (parts.length === 1) return parts[0] ?? nothing;
    return (steps, next) => {
      const ways = parts.map((part) => part(steps, next));
      return addStep(steps, { kind: "split", ways });
    };
  };

  const sequence = (depth: number): Part => {
    const parts: Part[] = [];
    while (at < letters.length && letters[at] !== "|" && letters[at] !== ")") parts.push(quantified(depth));
    return (steps, next) => parts.reduceRight((following, part) => part(steps, following), next);
  };

  const quantified = (depth: number): Part => {
    const part = atom(depth);
    const counts = quantifier();
    if (!counts) return part;
    if (letters[at] === "?") at++;
    if (letters[at] === "*" || letters[at] === "+" || letters[at] === "?")
      throw new PatternError("repeats a repetition");
    return repeated(part, counts);
  };

  const quantifier = (): { min: number; max: number } | undefined => {
    const simple = { "*": [0, Infinity], "+": [1, Infinity], "?": [0, 1] }[letters[at] ?? ""];
    if (simple) {
      at++;
      return { min: simple[0] ?? 0, max: simple[1] ?? 0 };
    }
    const [whole, from, comma, to] = /^\{(\d{1,4})(,?)(\d{0,4})\}/.exec(letters.slice(at, at + 12).join("")) ?? [];
    if (whole === undefined) return undefined;
    at += whole.length;
    const min = Number(from);
    const max = to ? Number(to) : comma ? Infinity : min;
    if (max < min) throw new PatternError("has a repetition whose end is before its start");
    if (min > maxRepetitions || (max !== Infinity && max > maxRepetitions))
      throw new PatternError("is too long: repeat less");
    return { min, max };
  };

  const atom = (depth: number): Part => {
    const letter = letters[at] ?? "";
    const point = points[at] ?? 0;
    at++;
    if (letter === "(") return group(depth);
    if (letter === "[") return testing(characterClass());
    if (letter === ".") return testing((each) => each !== 10 && each !== 13);
    if (letter === "^") return asserting("start");
    if (letter === "$") return asserting("end");
    if (letter === "\\") return escape();
    if (letter === "*" || letter === "+" || letter === "?") throw new PatternError("repeats nothing");
    return testing(only(point));
  };

  const group = (depth: number): Part => {
    if (letters[at] === "?") {
      if (letters[at + 1] !== ":") throw new PatternError("looks ahead or behind, or names a group");
      at += 2;
    }
    const part = alternatives(depth + 1);
    if (letters[at] !== ")") throw new PatternError("has a ( without a )");
    at++;
    return part;
  };

  const escape = (): Part => {
    const letter = letters[at];
    if (letter === "b" || letter === "B") {
      at++;
      return asserting(letter === "b" ? "boundary" : "no boundary");
    }
    if (letter === "A" || letter === "Z") {
      at++;
      return asserting(letter === "A" ? "start" : "end");
    }
    if (letter !== undefined && /[1-9]/.test(letter)) throw new PatternError("refers back to a group");
    return testing(escaped().test);
  };

  /** What stands after a backslash; `point` unless it stands for several. */
  const escaped = (): { test: Test; point?: number } => {
    const letter = letters[at];
    if (letter === undefined) throw new PatternError("ends with a backslash");
    at++;
    const set = sets[letter.toLowerCase()];
    if (set) return { test: letter === letter.toLowerCase() ? set : (point) => !set(point) };
    const digits = { x: 2, u: 4 }[letter];
    if (digits) {
      const hex = letters.slice(at, at + digits).join("");
      if (!new RegExp(`^[0-9a-fA-F]{${digits}}$`).test(hex)) throw new PatternError(`has \\${letter} without digits`);
      at += digits;
      return literal(Number.parseInt(hex, 16));
    }
    const control = { n: 10, t: 9, r: 13, f: 12, v: 11, 0: 0 }[letter];
    if (control === undefined && /[a-zA-Z]/.test(letter))
      throw new PatternError(`has \\${letter}, which is not known here`);
    return literal(control ?? letter.codePointAt(0) ?? 0);
  };

  const literal = (point: number) => ({ test: only(point), point });

  const characterClass = (): Test => {
    const isNegated = letters[at] === "^";
    if (isNegated) at++;
    const tests: Test[] = [];
    for (let isFirst = true; isFirst || letters[at] !== "]"; isFirst = false) {
      if (at >= letters.length) throw new PatternError("has a [ without a ]");
      const from = classMember();
      const isRange = letters[at] === "-" && at + 1 < letters.length && letters[at + 1] !== "]";
      if (!isRange || from.point === undefined) {
        tests.push(from.test);
        continue;
      }
      at++;
      const to = classMember();
      if (to.point === undefined || to.point < from.point) throw new PatternError("has a range that is none");
      tests.push(range(from.point, to.point));
    }
    at++;
    return (point) => tests.some((test) => test(point)) !== isNegated;
  };

  const classMember = (): { test: Test; point?: number } => {
    const letter = letters[at];
    const point = points[at] ?? 0;
    at++;
    return letter === "\\" ? escaped() : literal(point);
  };

  const only = (point: number): Test => range(point, point);

  const range = (from: number, to: number): Test => {
    const isIn: Test = (point) => point >= from && point <= to;
    return ignoresCase ? (point) => isIn(point) || isIn(otherCase(point)) : isIn;
  };

  const part = alternatives(0);
  if (at < letters.length) throw new PatternError("has a ) without a (");
  return part;
}

const nothing: Part = (_, next) => next;

function testing(test: Test): Part {
  return (steps, next) => addStep(steps, { kind: "test", test, next });
}

function asserting(assertion: Assertion): Part {
  return (steps, next) => addStep(steps, { kind: "assert", assertion, next });
}

function repeated(part: Part, { min, max }: { min: number; max: number }): Part {
  return (steps, next) => {
    let first = next;
    if (max === Infinity) {
      const loop = { kind: "split" as const, ways: [next] };
      first = addStep(steps, loop);
      loop.ways.push(part(steps, first));
    } else {
      for (let optional = min; optional < max; optional++)
        first = addStep(steps, { kind: "split", ways: [next, part(steps, first)] });
    }
    for (let required = 0; required < min; required++) first = part(steps, first);
    return first;
  };
}

const isDigit: Test = (point) => point >= 48 && point <= 57;
const isWord: Test = (point) =>
  isDigit(point) || (point >= 65 && point <= 90) || point === 95 || (point >= 97 && point <= 122);
const isSpace: Test = (point) => (point >= 9 && point <= 13) || point === 32 || point === 0xa0 || point === 0xfeff;
const sets: Record<string, Test | undefined> = { d: isDigit, w: isWord, s: isSpace };

/** Of ASCII letters, as the other comparisons of texts without regard to case. */
function otherCase(point: number): number {
  const isLetter = (point >= 65 && point <= 90) || (point >= 97 && point <= 122);
  return isLetter ? point ^ 32 : point;
}

function isFound(steps: Step[], first: number, text: string): boolean {
  // The position at which a step was last reached, so that each is followed once a position.
  const reached = new Int32Array(steps.length).fill(-1);
  let before: number | undefined;
  let waiting: number[] = [];
  for (let at = 0; at <= text.length;) {
    const point = text.codePointAt(at);
    const stack = [...waiting, first];
    waiting = [];
    while (stack.length > 0) {
      const index = stack.pop() ?? 0;
      if (reached[index] === at) continue;
      reached[index] = at;
      const step = steps[index];
      if (!step || step.kind === "match") return true;
      if (step.kind === "split") stack.push(...step.ways);
      else if (step.kind === "test") {
        if (point !== undefined && step.test(point)) waiting.push(step.next);
      } else if (holds(step.assertion, before, point)) stack.push(step.next);
    }
    before = point;
    at += point !== undefined && point > 0xffff ? 2 : 1;
  }
  return false;
}

function holds(assertion: Assertion, before: number | undefined, after: number | undefined): boolean {
  if (assertion === "start") return before === undefined;
  if (assertion === "end") return after === undefined;
  const isBoundary = (before !== undefined && isWord(before)) !== (after !== undefined && isWord(after));
  return isBoundary === (assertion === "boundary");
}
