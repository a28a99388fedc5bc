import { z } from '@hono/zod-openapi';
import { AppError } from '@actp/shared/errors';
import { acceptInvite, isInvited } from '@actp/services/operators/accept-invite';
import type { AppDeps } from '../../app-deps.ts';
import { originOf } from '../../audit/origin.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import { newPassword } from './new-password.ts';

/** `POST /v1/auth/accept-invite`: who was invited sets the first password. The code is the credential, and is looked at first. */
export function acceptInviteRoute(serve: ServeRoute, deps: Pick<AppDeps, 'db'>): void {
  serve(
    {
      operationId: 'acceptInvite',
      callers: 'anyone',
      audit: 'auth.accept_invite',
      method: 'post',
      path: '/v1/auth/accept-invite',
      summary: 'Accept an invitation: set the first password of the account',
      tags: ['auth'],
      request: {
        body: {
          required: true,
          content: {
            'application/json': {
              schema: z.strictObject({ code: z.string().optional(), password: z.string().optional() }),
            },
          },
        },
      },
      responses: {
        200: {
          description: 'Accepted; log in now',
          content: { 'application/json': { schema: z.object({ id: z.uuid(), email: z.string() }) } },
        },
        401: { description: 'The code is wrong, used, too old or withdrawn' },
      },
    },
    async (c) => {
      const { code = '', password = '' } = c.req.valid('json');
      const { ip_address, user_agent, request_id } = originOf(c);
      const from = { ip: ip_address, userAgent: user_agent, requestId: request_id };
      const refused = new AppError('unauthenticated', 'the code is wrong, used, too old or withdrawn');
      if (!(await isInvited(deps.db, code.slice(0, 200), from))) throw refused;
      const chosen = newPassword('operator', 'password', password);
      const operator = await acceptInvite(deps.db, { code: code.slice(0, 200), password: chosen }, from);
      if (!operator) throw refused;
      c.set('actor', `operator:${operator.email}`.slice(0, 128));
      return c.json({ id: operator.id, email: operator.email }, 200);
    },
  );
}
