import { picture } from "./example-picture.ts";
import type { Template } from "./template.ts";

/** Questions about a whole text or picture. */
export const questionTemplates: readonly Template[] = [
  {
    id: "text-classification",
    title: "Text classification",
    description: "What is a text about? One answer.",
    label_config: `<View>
  <Text name="text" value="$text"/>
  <Header value="What is this about?"/>
  <Choices name="topic" toName="text" choice="single" required="true">
    <Choice value="Order"/>
    <Choice value="Delivery"/>
    <Choice value="Payment"/>
    <Choice value="Something else"/>
  </Choices>
</View>`,
    sample: { text: "My parcel was left with a neighbor, but nobody told me which one." },
  },
  {
    id: "sentiment",
    title: "Sentiment",
    description: "Is a text positive, negative or neutral?",
    label_config: `<View>
  <Text name="text" value="$text"/>
  <Choices name="sentiment" toName="text" choice="single" showInline="true" required="true">
    <Choice value="Positive"/>
    <Choice value="Neutral"/>
    <Choice value="Negative"/>
  </Choices>
</View>`,
    sample: { text: "The soup was cold, but the waiter made up for it." },
  },
  {
    id: "several-choices",
    title: "Several choices",
    description: "All that applies to a text, as many answers as fit.",
    label_config: `<View>
  <Text name="text" value="$text"/>
  <Header value="What is in this text?"/>
  <Choices name="tags" toName="text" choice="multiple">
    <Choice value="Question"/>
    <Choice value="Complaint"/>
    <Choice value="Praise"/>
    <Choice value="Idea"/>
    <Choice value="Names a person" alias="person"/>
  </Choices>
</View>`,
    sample: { text: "Thank you, Mr Ito! Could the app also remember my seat?" },
  },
  {
    id: "image-classification",
    title: "Image classification",
    description: "What does an image show?",
    label_config: `<View>
  <Image name="image" value="$image"/>
  <Choices name="scene" toName="image" choice="single" showInline="true" required="true">
    <Choice value="City"/>
    <Choice value="Countryside"/>
    <Choice value="Indoors"/>
    <Choice value="Can't tell" alias="unclear"/>
  </Choices>
</View>`,
    sample: { image: picture },
  },
  {
    id: "summary",
    title: "Summary",
    description: "A text in one's own words.",
    label_config: `<View>
  <Header value="Read this"/>
  <Text name="text" value="$text"/>
  <Header value="Sum it up in one or two sentences"/>
  <TextArea name="summary" toName="text" rows="4" maxSubmissions="1" required="true" placeholder="In short, ..."/>
</View>`,
    sample: {
      text:
        "The library opens an hour earlier from Monday on. The reading room stays closed until the new lamps " +
        "are in place, which should take two weeks.",
    },
  },
  {
    id: "rating",
    title: "Rating",
    description: "One to five stars, and why.",
    label_config: `<View>
  <Text name="text" value="$text"/>
  <Header value="How helpful is this answer?"/>
  <Rating name="helpfulness" toName="text" maxRating="5" required="true"/>
  <TextArea name="reason" toName="text" rows="2" maxSubmissions="1" placeholder="Why?"/>
</View>`,
    sample: { text: "Hold both buttons for five seconds, then the lamp blinks twice and forgets its settings." },
  },
  {
    id: "question-answering",
    title: "Question answering",
    description: "An answer to a question about a text, if the text has one.",
    label_config: `<View>
  <Header value="Text"/>
  <Text name="text" value="$text"/>
  <Header value="Question"/>
  <Text name="question" value="$question"/>
  <Header value="Does the text answer it?"/>
  <Choices name="answerable" toName="question" choice="single" showInline="true" required="true">
    <Choice value="The text answers it" alias="yes"/>
    <Choice value="It does not" alias="no"/>
  </Choices>
  <View visibleWhen="choice-selected" whenTagName="answerable" whenChoiceValue="yes">
    <TextArea name="answer" toName="question" rows="3" maxSubmissions="1" required="true" placeholder="The answer"/>
  </View>
</View>`,
    sample: {
      text: "The tower was finished in 1931. It is 84 meters high and has a clock on each side.",
      question: "How many clocks does the tower have?",
    },
  },
];
