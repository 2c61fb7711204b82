import { picture } from "./example-picture.ts";
import type { Template } from "./template.ts";

/** Parts of pictures. */
export const pictureTemplates: readonly Template[] = [
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
];
