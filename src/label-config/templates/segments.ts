import type { Template } from "./template.ts";

const recording = "data:audio/wav;base64,";

/** Segments of recordings and of time series. */
export const segmentTemplates: readonly Template[] = [
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
        // Ten steps in time and 25 in value give a line of round numbers, which is shorter on the page of a new project.
        time: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
        value: [3, 4, 6, 9, 11, 12, 28, 12, 9, 6, 4],
      },
    },
  },
];
