import type { AppDeps } from '../../app-deps.ts';
import type { Credentials } from '../../auth/credentials.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import { acceptInviteRoute } from './accept-invite.ts';
import { loginRoute } from './login.ts';
import { logoutRoute } from './logout.ts';
import { passwordRoute } from './password.ts';
import { registerRoute } from './register.ts';
import { sessionRoutes } from './sessions.ts';

/** Registering, logging in and out, and sessions. */
export function authRoutes(serve: ServeRoute, deps: AppDeps, credentials: Credentials): void {
  registerRoute(serve, deps, credentials);
  for (const route of [loginRoute, logoutRoute, passwordRoute, acceptInviteRoute, sessionRoutes]) {
    route(serve, deps);
  }
}
