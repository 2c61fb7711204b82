/** A label config that a new project can start with. */
export interface Template {
  id: string;
  title: string;
  /** One line. */
  description: string;
  label_config: string;
  /** Data of an example task, for the preview. */
  sample: Record<string, unknown>;
}
