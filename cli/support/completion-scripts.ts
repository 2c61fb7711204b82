/** What a shell completes after a command. */
export interface CompletedCommand {
  /** `""` for no command at all, `db copy` for a command of a command. */
  name: string;
  description: string;
  /** The commands below it, or the values that its arguments take. */
  words: string[];
  /** Whether an argument is a file. */
  takesFile: boolean;
  options: CompletedOption[];
}

export interface CompletedOption {
  /** `--port`, with its short form. */
  flags: string[];
  description: string;
  value?: { choices: string[] } | "file" | "text" | undefined;
}

type Script = (commands: CompletedCommand[]) => string;

/** The shells, with what writes their scripts. */
export const completionScripts: Record<string, Script> = { bash, zsh, fish };

function bash(commands: CompletedCommand[]): string {
  const actions: Actions = {
    words: (words) => `words="${words}"`,
    files: "return",
    nothing: "compopt +o default 2>/dev/null; return",
  };
  return `# In ~/.bashrc: source <(label-studio completion bash)
_label_studio() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} name= words= at
  for ((at = 1; at < COMP_CWORD; at++)); do
${indent(commandCase(commands, "${COMP_WORDS[at]}"), 4)}
  done
  COMPREPLY=()
  case "$previous" in
${valueCases(commands, actions)}
    *)
      case "$name \${current:0:1}" in
${commandCases(commands, actions)}
      esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _label_studio label-studio
`;
}

function zsh(commands: CompletedCommand[]): string {
  const actions: Actions = { words: (words) => `compadd -- ${words}`, files: "_files", nothing: "return" };
  return `#compdef label-studio
# In ~/.zshrc, after compinit: source <(label-studio completion zsh)
_label_studio() {
  local current=$words[CURRENT] previous=$words[CURRENT-1] name= at
  for ((at = 2; at < CURRENT; at++)); do
${indent(commandCase(commands, "$words[at]"), 4)}
  done
  case "$previous" in
${valueCases(commands, actions)}
    *)
      case "$name \${current[1]}" in
${commandCases(commands, actions)}
      esac ;;
  esac
}
compdef _label_studio label-studio
`;
}

function indent(text: string, spaces: number): string {
  return text.replaceAll(/^/gm, " ".repeat(spaces));
}

/** Adds the word to the name of the command when it is one. */
function commandCase(commands: CompletedCommand[], word: string): string {
  const names = commands.filter(({ name }) => name).map(({ name }) => `"${name.includes(" ") ? "" : " "}${name}"`);
  return `case "$name ${word}" in\n  ${names.join(" | ")}) name="\${name:+$name }${word}" ;;\nesac`;
}

interface Actions {
  words: (words: string) => string;
  files: string;
  nothing: string;
}

/** What follows an option that takes a value. */
function valueCases(commands: CompletedCommand[], { words, files, nothing }: Actions): string {
  const options = new Map(
    commands.flatMap((command) => command.options.map((option) => [option.flags.join(), option])),
  );
  const cases = [...options.values()].flatMap(({ flags, value }) => {
    if (value === undefined) return [];
    const action = value === "file" ? files : value === "text" ? nothing : words(value.choices.join(" "));
    return [`    ${flags.join(" | ")}) ${action} ;;`];
  });
  return cases.join("\n");
}

/** What follows a command: its options after a hyphen, else what its arguments take. */
function commandCases(commands: CompletedCommand[], { words, files, nothing }: Actions): string {
  // Those of a command before those of the one above it, whose pattern fits both.
  const deepFirst = [...commands].sort((one, other) => other.name.split(" ").length - one.name.split(" ").length);
  const cases = deepFirst.flatMap(({ name, words: own, takesFile, options }) => {
    const flags = options.flatMap((option) => option.flags).join(" ");
    const action = own.length > 0 ? words(own.join(" ")) : takesFile ? files : nothing;
    return [`        "${name} -") ${words(flags)} ;;`, `        "${name} "*) ${action} ;;`];
  });
  return cases.join("\n");
}

function fish(commands: CompletedCommand[]): string {
  const names = commands.map(({ name }) => name).filter(Boolean);
  const lines = commands.flatMap(({ name, words, takesFile, options }) => {
    const condition = fishCondition(name, names);
    const named = (word: string) => commands.find((each) => each.name === `${name} ${word}`.trim())?.description ?? "";
    return [
      ...words.map((word) => fishLine(condition, ["-f", "-a", quote(word), ...described(named(word))])),
      ...(words.length === 0 && !takesFile ? [fishLine(condition, ["-f"])] : []),
      ...options.map((option) => fishLine(condition, fishOption(option))),
    ];
  });
  return `# label-studio completion fish > ~/.config/fish/completions/label-studio.fish\n${lines.join("\n")}\n`;
}

/** Without a command only while none was given; after one unless a command below it was given, too. */
function fishCondition(name: string, names: string[]): string {
  const below = names.filter((each) => each.startsWith(name ? `${name} ` : ""));
  const last = (each: string) => each.split(" ").at(-1) ?? "";
  const seen = name.split(" ").filter(Boolean);
  return [
    ...seen.map((each) => `__fish_seen_subcommand_from ${each}`),
    ...(below.length > 0 ? [`not __fish_seen_subcommand_from ${[...new Set(below.map(last))].join(" ")}`] : []),
  ].join("; and ");
}

function fishLine(condition: string, rest: string[]): string {
  return ["complete", "-c label-studio", "-n", quote(condition), ...rest].join(" ");
}

function fishOption({ flags, description, value }: CompletedOption): string[] {
  const names = flags.map((flag) => (flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const argument =
    value === undefined
      ? []
      : value === "file"
        ? ["-r", "-F"]
        : value === "text"
          ? ["-x"]
          : ["-x", "-a", quote(value.choices.join(" "))];
  return [...names, ...argument, ...described(description)];
}

function described(description: string): string[] {
  return description ? ["-d", quote(description)] : [];
}

function quote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
