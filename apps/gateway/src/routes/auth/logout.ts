import { AppError } from '@actp/shared/errors';
import { endSession } from '@actp/services/sessions/end';
import type { AppDeps } from '../../app-deps.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import { contextOf } from '../../audit/origin.ts';

/** `POST /v1/auth/logout`: the session of the token ends. */
export function logoutRoute(serve: ServeRoute, deps: Pick<AppDeps, 'db' | 'sessions'>): void {
  serve(
    {
      operationId: 'logOut',
      callers: ['operator', 'user'],
      audit: 'service',
      method: 'post',
      path: '/v1/auth/logout',
      summary: 'Log out: end the session of this token',
      tags: ['auth'],
      responses: { 204: { description: 'Ended; the token is refused from now on' } },
    },
    async (c, caller) => {
      if (caller.session === undefined) throw new AppError('conflict', 'this token has no session');
      await endSession(deps, caller.session, 'logout', contextOf(c, caller));
      return c.body(null, 204);
    },
  );
}
