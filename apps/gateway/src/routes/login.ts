import { z } from '@hono/zod-openapi';
import { AppError } from '@actp/shared/errors';
import { sessionSeconds } from '../auth/session-token.ts';
import type { SignIn } from '../auth/sign-in.ts';
import { loginActor } from '../audit/origin.ts';
import type { ServeRoute } from '../http/serve-route.ts';
import { loginOriginOf } from '../rate-limits/login-limit.ts';

/** `POST /v1/auth/login`: a token for an e-mail address and its password. */
export function loginRoute(serve: ServeRoute, deps: { signIn: SignIn }): void {
  serve(
    {
      operationId: 'logIn',
      callers: 'anyone',
      audit: 'auth.login',
      method: 'post',
      path: '/v1/auth/login',
      summary: 'Log in',
      tags: ['auth'],
      request: {
        body: {
          required: true,
          content: {
            'application/json': {
              // No rule at all: what fits no account answers 401 like any wrong password.
              schema: z.strictObject({ email: z.string(), password: z.string() }),
            },
          },
        },
      },
      responses: {
        200: {
          description: 'A bearer token',
          content: {
            'application/json': {
              schema: z.object({
                access_token: z.string(),
                token_type: z.literal('Bearer'),
                expires_in: z.int(),
              }),
            },
          },
        },
        401: { description: 'Unknown address or wrong password' },
        429: { description: 'Too many requests, or too many failed logins of this account or address' },
      },
    },
    async (c) => {
      const { email, password } = c.req.valid('json');
      c.set('actor', loginActor(email));
      const token = await deps.signIn(email, password, loginOriginOf(c));
      if (token === undefined) {
        throw new AppError('unauthenticated', 'wrong e-mail address or password');
      }
      return c.json({ access_token: token, token_type: 'Bearer' as const, expires_in: sessionSeconds }, 200, {
        'Cache-Control': 'no-store',
      });
    },
  );
}
