import { nameUnnamedField, unnamedField } from "../label-config/task-data.ts";
import { parseLabelConfig } from "../label-config/parse-label-config.ts";
import type { Repositories } from "../repositories/index.ts";
import type { Task } from "../repositories/labeling/tasks.ts";

/** The same tasks; data that was imported before its project had a setup has the name of the setup's first field, as on every page. */
export async function nameTaskFields(
  { projects }: Pick<Repositories, "projects">,
  tasks: Task[],
): Promise<Map<number, Task>> {
  const unnamed = tasks.filter(({ data }) => data.includes(unnamedField));
  const names = new Map<number, string | undefined>();
  for (const id of new Set(unnamed.map(({ project_id }) => project_id))) {
    const project = await projects.find(id);
    names.set(id, project && parseLabelConfig(project.label_config).data_types.keys().next().value);
  }
  return new Map(
    tasks.map((task) => {
      const name = names.get(task.project_id);
      return [task.id, name === undefined ? task : { ...task, data: nameUnnamedField(task.data, name) }];
    }),
  );
}
