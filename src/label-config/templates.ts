/** A label config that a new project can start with. */
interface Template {
  id: string;
  title: string;
  /** One line. */
  description: string;
  label_config: string;
  /** Data of an example task, for the preview. */
  sample: Record<string, unknown>;
}

const picture =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 320 200'%3E" +
  "%3Crect width='320' height='200' fill='%23bcd9ee'/%3E%3Ccircle cx='250' cy='50' r='24' fill='%23f6c445'/%3E" +
  "%3Cpath d='M0 200 110 80l70 76 40-36 100 80z' fill='%234c7a5a'/%3E%3C/svg%3E";

const recording = "data:audio/wav;base64,";

/** The most common ones come first. */
export const templates: readonly Template[] = [
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
  {
    id: "named-entities",
    title: "Named entities",
    description: "Who and what is in a text? Words and phrases, each with a label.",
    label_config: `<View>
  <Labels name="label" toName="text">
    <Label value="Person" background="#2f5fc4"/>
    <Label value="Organization" background="#8a5a00"/>
    <Label value="Place" background="#1f7a3f"/>
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
    <Label value="Person" background="#2f5fc4"/>
    <Label value="Organization" background="#8a5a00"/>
    <Label value="Place" background="#1f7a3f"/>
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
    <Label value="Person" background="#2f5fc4"/>
    <Label value="Organization" background="#8a5a00"/>
    <Label value="Place" background="#1f7a3f"/>
    <Label value="Date" background="#9a3a94"/>
  </HyperTextLabels>
  <HyperText name="html" value="$html" granularity="word"/>
</View>`,
    sample: {
      html: "<h2>Marie Curie</h2><p>She was born in <b>Warsaw</b> in 1867 and worked at the <i>University of Paris</i>.</p>",
    },
  },
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
  {
    id: "boxes",
    title: "Boxes on images",
    description: "Where in an image is what?",
    label_config: `<View>
  <Image name="image" value="$image"/>
  <RectangleLabels name="object" toName="image">
    <Label value="Sun" background="#e0a800"/>
    <Label value="Hill" background="#2e7d32"/>
    <Label value="Something else" alias="other"/>
  </RectangleLabels>
</View>`,
    sample: { image: picture },
  },
  {
    id: "polygons",
    title: "Outlines on images",
    description: "Things in an image, along their edges.",
    label_config: `<View>
  <Image name="image" value="$image"/>
  <PolygonLabels name="outline" toName="image">
    <Label value="Sky" background="#2f6fd0"/>
    <Label value="Ground" background="#2e7d32"/>
  </PolygonLabels>
</View>`,
    sample: { image: picture },
  },
  {
    id: "keypoints",
    title: "Points on images",
    description: "Places in an image that matter.",
    label_config: `<View>
  <Image name="image" value="$image"/>
  <KeyPointLabels name="point" toName="image">
    <Label value="Summit" background="#2f6fd0"/>
    <Label value="Foot" background="#c62828"/>
  </KeyPointLabels>
</View>`,
    sample: { image: picture },
  },
  {
    id: "document-text",
    title: "Text in images",
    description: "Where in a scan is text, and what does it say?",
    label_config: `<View>
  <Image name="image" value="$image"/>
  <Labels name="kind" toName="image">
    <Label value="Text" background="#2e7d32"/>
    <Label value="Handwriting" background="#2f6fd0"/>
  </Labels>
  <Rectangle name="box" toName="image"/>
  <Polygon name="outline" toName="image"/>
  <Header value="What does it say?"/>
  <TextArea name="transcription" toName="image" perRegion="true" rows="2" maxSubmissions="1"/>
</View>`,
    sample: { image: picture },
  },
  {
    id: "sound-events",
    title: "Sound events",
    description: "What is heard in a recording, from when to when?",
    label_config: `<View>
  <Labels name="sound" toName="audio">
    <Label value="Bird" background="#2e7d32"/>
    <Label value="Rain" background="#2f6fd0"/>
    <Label value="Engine" background="#8a5a00"/>
  </Labels>
  <Audio name="audio" value="$audio"/>
</View>`,
    sample: { audio: recording },
  },
  {
    id: "speakers",
    title: "Speakers and transcription",
    description: "Who speaks in a recording, from when to when, and what is said?",
    label_config: `<View>
  <Labels name="speaker" toName="audio">
    <Label value="Speaker 1" background="#2f6fd0"/>
    <Label value="Speaker 2" background="#c62828"/>
  </Labels>
  <Audio name="audio" value="$audio"/>
  <Header value="What is said?"/>
  <TextArea name="transcription" toName="audio" perRegion="true" rows="2" maxSubmissions="1"/>
</View>`,
    sample: { audio: recording },
  },
  {
    id: "time-series",
    title: "Time series",
    description: "Segments and moments of what was measured over time.",
    label_config: `<View>
  <TimeSeriesLabels name="label" toName="series">
    <Label value="Rise" background="#2e7d32"/>
    <Label value="Fall" background="#2f6fd0"/>
    <Label value="Outlier" background="#c62828"/>
  </TimeSeriesLabels>
  <TimeSeries name="series" value="$series" valueType="json" timeColumn="time">
    <Channel column="value" legend="Value"/>
  </TimeSeries>
</View>`,
    sample: {
      series: {
        time: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
        value: [3, 4, 6, 9, 11, 12, 30, 12, 10, 7, 5, 4],
      },
    },
  },
];
