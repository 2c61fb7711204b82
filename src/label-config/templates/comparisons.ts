import type { Template } from "./template.ts";

/** Questions about two things. */
export const comparisonTemplates: readonly Template[] = [
  {
    id: "pairwise-comparison",
    title: "Comparison of two",
    description: "Which of two answers is better?",
    label_config: `<View>
  <Text name="prompt" value="$prompt"/>
  <Text name="first" value="$first"/>
  <Text name="second" value="$second"/>
  <Header value="Which answer is better?"/>
  <Pairwise name="better" toName="first,second" required="true"/>
</View>`,
    sample: {
      prompt: "Why is the sky blue?",
      first: "Air scatters blue light more than red light.",
      second: "Because it mirrors the sea.",
    },
  },
];
