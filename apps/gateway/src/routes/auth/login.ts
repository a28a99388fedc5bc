import { z } from '@hono/zod-openapi';
import { AppError } from '@actp/shared/errors';
import type { SignIn } from '../../auth/sign-in.ts';
import { loginActor } from '../../audit/origin.ts';
import { BearerToken, bearerToken } from './bearer-token.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import { loginOriginOf } from '../../rate-limits/login-limit.ts';

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
        headers: z.object({
          'x-device-token': z.string().optional().openapi({
            description: 'Of an earlier login: failed logins of others do not lock this device out',
          }),
        }),
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
          description: 'A bearer token; X-Device-Token makes this device a known one',
          headers: z.object({ 'x-device-token': z.string() }),
          content: { 'application/json': { schema: BearerToken } },
        },
        401: { description: 'Unknown address or wrong password' },
        429: { description: 'Too many requests, or too many failed logins of this account or address' },
      },
    },
    async (c) => {
      const { email, password } = c.req.valid('json');
      c.set('actor', loginActor(email));
      const signedIn = await deps.signIn(email, password, loginOriginOf(c));
      if (signedIn === undefined) {
        throw new AppError('unauthenticated', 'wrong e-mail address or password');
      }
      const { token, seconds, deviceToken } = signedIn;
      return c.json(bearerToken(token, seconds), 200, { 'X-Device-Token': deviceToken });
    },
  );
}
