import type { AppDeps } from '../../app-deps.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import { acceptInviteRoute } from './accept-invite.ts';
import { loginRoute } from './login.ts';
import { logoutRoute } from './logout.ts';
import { passwordRoute } from './password.ts';
import { sessionRoutes } from './sessions.ts';

/** Logging in and out, and sessions. */
export function authRoutes(serve: ServeRoute, deps: AppDeps): void {
  for (const route of [loginRoute, logoutRoute, passwordRoute, acceptInviteRoute, sessionRoutes]) {
    route(serve, deps);
  }
}
