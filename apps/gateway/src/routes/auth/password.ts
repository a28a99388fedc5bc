import { z } from '@hono/zod-openapi';
import { AppError } from '@actp/shared/errors';
import { changePassword } from '@actp/services/users/change-password';
import { sessionHoursOf } from '../../auth/session-hours.ts';
import { issueToken } from '../../auth/session-token.ts';
import type { AppDeps } from '../../app-deps.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import { loginOriginOf } from '../../rate-limits/login-limit.ts';
import { contextOf } from '../../audit/origin.ts';
import { BearerToken, bearerToken } from './bearer-token.ts';
import { newPassword } from './new-password.ts';

/** `POST /v1/auth/password`: one's own password; every session ends, and the answer has the token of a new one. */
export function passwordRoute(
  serve: ServeRoute,
  deps: Pick<AppDeps, 'db' | 'sessions' | 'config' | 'loginLimit'>,
): void {
  serve(
    {
      operationId: 'changePassword',
      callers: ['operator', 'user'],
      audit: 'service',
      method: 'post',
      path: '/v1/auth/password',
      summary: 'Change your password; all your sessions end',
      tags: ['auth'],
      request: {
        body: {
          required: true,
          content: {
            'application/json': { schema: z.strictObject({ current: z.string(), new: z.string() }) },
          },
        },
      },
      responses: {
        200: {
          description: 'Changed. The token of a new session, in place of the one of this request',
          content: { 'application/json': { schema: BearerToken } },
        },
        409: { description: 'The account or the session has changed meanwhile' },
        429: { description: 'Too many requests, or too many wrong passwords of this account' },
      },
    },
    async (c, caller) => {
      const body = c.req.valid('json');
      const { sessionHours, sessionSecrets } = deps.config;
      const replacement = newPassword(caller.kind, 'new', body.new);
      const hours = sessionHoursOf({ role: caller.kind, kind: 'api' }, sessionHours);
      // Whoever has only the token cannot try passwords with it.
      const account = { key: caller.id, email: caller.email, device: undefined };
      const from = loginOriginOf(c);
      await deps.loginLimit.assert(account, from);
      const session = await changePassword(
        deps,
        { current: body.current, replacement, hours },
        contextOf(c, caller),
      );
      if (session === undefined) {
        await deps.loginLimit.failed(account, from);
        throw new AppError('forbidden', 'the current password is wrong');
      }
      const seconds = hours * 3_600;
      const token = await issueToken(sessionSecrets.current, {
        id: caller.id,
        session,
        kind: 'api',
        seconds,
      });
      return c.json(bearerToken(token, seconds), 200);
    },
  );
}
