import type { Context, Hono } from 'hono';
import { setCookie, deleteCookie } from 'hono/cookie';
import { csrf } from 'hono/csrf';
import { AppError } from '@actp/shared/errors';
import { sessionCookie, type Credentials } from '../auth/credentials.ts';
import { sessionSeconds } from '../auth/session-token.ts';
import type { AppDeps, AppEnv } from '../context.ts';
import { boardPath } from './board.ts';
import { loginPage } from './login-page.ts';

const cookieOptions = { httpOnly: true, sameSite: 'Strict', path: '/' } as const;

/** `/login`, `/logout` and Bull Board at `/dashboard`: nothing of the latter, not even a script, without an operator. */
export function dashboardRoutes(
  app: Hono<AppEnv>,
  credentials: Credentials,
  deps: Pick<AppDeps, 'signIn' | 'board'>,
): void {
  app.get('/login', (c) => c.html(loginPage(safeNext(c.req.query('next')))));

  app.post('/login', csrf(), async (c) => {
    const form = await c.req.parseBody();
    const next = safeNext(asText(form['next']));
    const email = asText(form['email']).slice(0, 320);
    const token = await deps.signIn(email, asText(form['password']).slice(0, 1_024));
    if (token === undefined) {
      return c.html(loginPage(next, 'The address or the password is wrong.'), 401);
    }
    setCookie(c, sessionCookie, token, {
      ...cookieOptions,
      maxAge: sessionSeconds,
      secure: c.req.header('x-forwarded-proto') === 'https',
    });
    return c.redirect(next, 303);
  });

  app.post('/logout', csrf(), async (c) => {
    if (!(await credentials.session(c))) throw new AppError('unauthenticated', 'nobody is logged in');
    deleteCookie(c, sessionCookie, cookieOptions);
    return c.redirect('/login', 303);
  });

  const board = async (c: Context<AppEnv>) => {
    const person = await credentials.session(c);
    if (person?.kind !== 'operator') return refuse(c, person !== undefined);
    c.set('caller', person);
    return deps.board.fetch(c.req.raw);
  };
  // Bull Board's own calls change things (retry, remove): only from its own pages.
  app.use(`${boardPath}/*`, csrf());
  app.all(boardPath, board);
  app.all(`${boardPath}/*`, board);
}

// A person is led to the login page; a program hears no.
function refuse(c: Context<AppEnv>, known: boolean): Response {
  const page = c.req.method === 'GET' && !c.req.path.startsWith(`${boardPath}/api`);
  if (page && !known && (c.req.header('accept') ?? '').includes('text/html')) {
    return c.redirect(`/login?next=${encodeURIComponent(c.req.path)}`, 302);
  }
  throw known
    ? new AppError('forbidden', 'this is for operators only')
    : new AppError('unauthenticated', 'log in as an operator first');
}

const asText = (value: unknown) => (typeof value === 'string' ? value : '');

// Only paths of our own: `//evil` and `/\evil` would lead away.
function safeNext(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])[\w\-/.?=&%]*$/.test(next) ? next : boardPath;
}
