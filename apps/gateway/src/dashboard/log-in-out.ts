import type { Context, Hono } from 'hono';
import { deleteCookie, setCookie } from 'hono/cookie';
import { AppError } from '@actp/shared/errors';
import { endSession } from '@actp/services/sessions/end';
import { loginActor } from '../audit/origin.ts';
import { sessionCookie, type Credentials } from '../auth/credentials.ts';
import { createPageTokens } from '../auth/page-token.ts';
import type { SignedIn } from '../auth/sign-in.ts';
import type { AppDeps } from '../app-deps.ts';
import type { AppEnv } from '../app-env.ts';
import { bodySize, oneMiB } from '../http/body-rules.ts';
import { sameOrigin } from '../http/same-origin.ts';
import { loginOriginOf } from '../rate-limits/login-limit.ts';
import { contextOf } from '../audit/origin.ts';
import { audited } from './audited.ts';
import { boardPath } from './board.ts';
import { loginPage, logoutPage } from './login-page.ts';

const cookieOptions = { httpOnly: true, sameSite: 'Strict', path: '/' } as const;

// Behind a proxy that speaks https the cookie is bound to that host and to https.
const isHttps = (c: Context<AppEnv>) => c.req.header('x-forwarded-proto') === 'https';

/**
 * `/login` and `/logout`. The page's script asks for JSON and gets the second token of the session; a form that was sent without it gets
 * the cookie, which alone opens nothing.
 */
export function logInOutRoutes(
  app: Hono<AppEnv>,
  credentials: Credentials,
  deps: Pick<AppDeps, 'signIn' | 'db' | 'sessions' | 'config'>,
): void {
  const pageTokens = createPageTokens(deps.config.sessionSecrets);

  app.get('/login', (c) => c.html(loginPage(safeNext(c.req.query('next')))));

  app.post('/login', audited('auth.login'), sameOrigin, bodySize(oneMiB), async (c) => {
    const form = await c.req.parseBody();
    const next = safeNext(asText(form['next']));
    const email = asText(form['email']);
    c.set('actor', loginActor(email));
    const shown = email.slice(0, 320);
    const json = (c.req.header('accept') ?? '').includes('application/json');
    const refused = (status: 401 | 429, message: string) =>
      json ? c.json({ message }, status) : c.html(loginPage(next, shown, message), status);
    try {
      const signedIn = await deps.signIn(email, asText(form['password']), loginOriginOf(c), 'page');
      if (signedIn === undefined) return refused(401, 'The address or the password is wrong.');
      writeCookie(c, signedIn);
      if (!json) return c.redirect(next, 303);
      return c.json({
        next,
        page_token: pageTokens.of(signedIn.session),
        device_token: signedIn.deviceToken,
      });
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'rate_limited') throw error;
      const seconds = error.retryAfter ?? 60;
      c.header('Retry-After', String(seconds));
      return refused(429, `Too many failed logins. Try again in ${Math.ceil(seconds / 60)} min.`);
    }
  });

  app.get('/logout', (c) => c.html(logoutPage()));

  app.post('/logout', audited('auth.logout'), async (c) => {
    const caller = await credentials.session(c, 'page-token');
    if (!caller) throw new AppError('unauthenticated', 'not logged in');
    await sameOrigin(c, async () => undefined);
    c.set('caller', caller);
    if (caller.kind !== 'agent' && caller.session !== undefined) {
      await endSession(deps, caller.session, 'logout', contextOf(c, caller));
    }
    deleteCookie(c, sessionCookie, { ...cookieOptions, ...(isHttps(c) && hostPrefix) });
    return c.redirect('/login', 303);
  });
}

const hostPrefix = { prefix: 'host', secure: true } as const;

function writeCookie(c: Context<AppEnv>, { token, seconds }: SignedIn): void {
  const options = { ...cookieOptions, maxAge: seconds };
  setCookie(c, sessionCookie, token, isHttps(c) ? { ...options, ...hostPrefix } : options);
}

const asText = (value: unknown) => (typeof value === 'string' ? value : '');

// Only paths of our own: `//evil` and `/\evil` would lead away.
function safeNext(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])[\w\-/.?=&%]*$/.test(next) ? next : boardPath;
}
