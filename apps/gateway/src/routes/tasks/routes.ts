import type { AppDeps } from '../../app-deps.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import { cancelTaskRoute } from './cancel.ts';
import { createTaskRoute } from './create.ts';
import { taskEventsRoute } from './events.ts';
import { listTasksRoute } from './list.ts';
import { readTaskRoute } from './read.ts';
import { resolveEffectRoute } from './resolution.ts';

/** Everything about tasks: asking and taking back is for users; what became of an unknown effect is for operators to say. */
export function taskRoutes(serve: ServeRoute, deps: AppDeps): void {
  for (const route of [
    createTaskRoute,
    readTaskRoute,
    listTasksRoute,
    taskEventsRoute,
    cancelTaskRoute,
    resolveEffectRoute,
  ]) {
    route(serve, deps);
  }
}
