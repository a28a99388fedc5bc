import type { AppDeps } from '../../app-deps.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import { operatorAccountRoutes } from './accounts.ts';
import { operatorTelegramRoutes } from './telegram.ts';

/** Everything about operators' accounts. */
export function operatorRoutes(serve: ServeRoute, deps: AppDeps): void {
  operatorAccountRoutes(serve, deps);
  operatorTelegramRoutes(serve, deps);
}
