import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { registerUser } from '@actp/services/users/register';
import { AppError } from '@actp/shared/errors';
import { UserEmail } from '@actp/shared/names/email-address';
import type { AppDeps } from '../../app-deps.ts';
import type { AppEnv, Caller } from '../../app-env.ts';
import { originOf } from '../../audit/origin.ts';
import type { Credentials } from '../../auth/credentials.ts';
import { rateLimitKey } from '../../http/client-address.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import { createSlots } from '../../rate-limits/slots.ts';
import { newPassword } from './new-password.ts';

// Hashing a password takes a thread and 19 MiB for a while, also for a client on this machine, which no other limit counts: half of
// the threads are left to logins, and of one client all others wait for the first.
const atATime = {
  mostOfOne: 1,
  mostOfAll: 2,
  mostWaiting: 1_024,
  mostWaitingOfOne: 512,
  waitMs: 30_000,
  work: 'registrations',
};

/** `POST /v1/auth/register`: the account of a user. While registration is closed, operators make them. */
export function registerRoute(
  serve: ServeRoute,
  deps: Pick<AppDeps, 'db' | 'config'>,
  credentials: Pick<Credentials, 'session'>,
): void {
  const slotOf = createSlots(atATime);
  const { registration, operatorEmail } = deps.config;

  serve(
    {
      operationId: 'register',
      callers: 'anyone',
      audit: 'service',
      method: 'post',
      path: '/v1/auth/register',
      summary: 'Register: make the account of a user',
      tags: ['auth'],
      request: {
        body: {
          required: true,
          content: {
            'application/json': {
              schema: z.strictObject({
                email: UserEmail,
                password: z.string().openapi({ description: '10 to 200 characters' }),
              }),
            },
          },
        },
      },
      responses: {
        201: {
          description: 'Registered; log in now',
          content: { 'application/json': { schema: z.object({ id: z.uuid(), email: z.string() }) } },
        },
        403: { description: 'Registration is closed: an operator makes accounts' },
        409: { description: 'There is an account of this address' },
      },
      admit,
    },
    async (c) => {
      const { email, password: text } = c.req.valid('json');
      const password = newPassword('user', 'password', text);
      const { ip_address: ip, user_agent: userAgent, request_id: requestId } = originOf(c);
      const slot = slotOf(rateLimitKey(c.get('clientIp')));
      const user = await registerUser(
        { db: deps.db, operatorEmail },
        { email, password },
        { actor: operatorOf(c.get('caller')), ip, userAgent, requestId },
        async (work) => {
          await slot.take();
          try {
            return await work();
          } finally {
            slot.free();
          }
        },
      );
      return c.json(user, 201);
    },
  );

  /** An operator, who shows it as everywhere, makes the account of somebody else; all others make their own. */
  async function admit(c: Context<AppEnv>): Promise<void> {
    const caller = operatorOf(await credentials.session(c, 'page-token'));
    if (caller !== undefined) c.set('caller', caller);
    else if (registration === 'closed') {
      throw new AppError('forbidden', 'registration is closed: ask an operator for an account');
    }
  }
}

const operatorOf = (caller: Caller | undefined) => (caller?.kind === 'operator' ? caller : undefined);
