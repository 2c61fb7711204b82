import type { Template } from "./template.ts";

const entities = `<Label value="Person" background="#2f5fc4"/>
    <Label value="Organization" background="#8a5a00"/>
    <Label value="Place" background="#1f7a3f"/>`;

/** Words and phrases of texts. */
export const spanTemplates: readonly Template[] = [
  {
    id: "named-entities",
    title: "Named entities",
    description: "Who and what is in a text? Words and phrases, each with a label.",
    label_config: `<View>
  <Labels name="label" toName="text">
    ${entities}
    <Label value="Date" background="#9a3a94"/>
  </Labels>
  <Text name="text" value="$text" granularity="word"/>
</View>`,
    sample: { text: "Marie Curie was born in Warsaw in 1867 and worked at the University of Paris." },
  },
  {
    id: "relations",
    title: "Relations",
    description: "Who belongs to whom? Words and phrases of a text, and how they are related.",
    label_config: `<View>
  <Relations>
    <Relation value="born in"/>
    <Relation value="works for"/>
    <Relation value="married to"/>
  </Relations>
  <Labels name="label" toName="text">
    ${entities}
  </Labels>
  <Text name="text" value="$text" granularity="word"/>
</View>`,
    sample: { text: "Pierre Curie worked for the Sorbonne, as did Marie, who was born in Warsaw." },
  },
  {
    id: "html-entities",
    title: "Named entities in HTML",
    description: "Who and what is on a page? Words and phrases of its HTML, each with a label.",
    label_config: `<View>
  <HyperTextLabels name="label" toName="html">
    ${entities}
    <Label value="Date" background="#9a3a94"/>
  </HyperTextLabels>
  <HyperText name="html" value="$html" granularity="word"/>
</View>`,
    sample: {
      html: "<h2>Marie Curie</h2><p>She was born in <b>Warsaw</b> in 1867 and worked at the <i>University of Paris</i>.</p>",
    },
  },
];
