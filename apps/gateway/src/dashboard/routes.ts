import { randomUUID } from 'node:crypto';
import type { Context, Hono } from 'hono';
import { setCookie, deleteCookie } from 'hono/cookie';
import { createMiddleware } from 'hono/factory';
import type { AuditRow } from '@actp/shared/audit/event';
import { AppError } from '@actp/shared/errors';
import { actorOf, loginActor, originOf } from '../audit/origin.ts';
import { readablePath } from '../audit/readable-path.ts';
import { sessionCookie, type Credentials } from '../auth/credentials.ts';
import { sessionSeconds } from '../auth/session-token.ts';
import type { AppDeps } from '../app-deps.ts';
import type { AppEnv } from '../app-env.ts';
import { bodySize, oneMiB } from '../http/body-rules.ts';
import { sameOrigin } from '../http/same-origin.ts';
import { loginOriginOf } from '../rate-limits/login-limit.ts';
import { boardPath } from './board.ts';
import { loginPage, logoutPage } from './login-page.ts';

const changeAction = 'dashboard.change';
const reads: ReadonlySet<string> = new Set(['GET', 'HEAD']);
const cookieOptions = { httpOnly: true, sameSite: 'Strict', path: '/' } as const;

/** `/login`, `/logout` and Bull Board at `/dashboard`: nothing of the latter, not even a script, without an operator. */
export function dashboardRoutes(
  app: Hono<AppEnv>,
  credentials: Credentials,
  deps: Pick<AppDeps, 'signIn' | 'board' | 'audit'>,
): void {
  app.get('/login', (c) => c.html(loginPage(safeNext(c.req.query('next')))));

  app.post('/login', audited('auth.login'), sameOrigin, bodySize(oneMiB), async (c) => {
    const form = await c.req.parseBody();
    const next = safeNext(asText(form['next']));
    const email = asText(form['email']);
    c.set('actor', loginActor(email));
    const shown = email.slice(0, 320);
    try {
      const token = await deps.signIn(email, asText(form['password']), loginOriginOf(c));
      if (token === undefined) return c.html(loginPage(next, shown), 401);
      setCookie(c, sessionCookie, token, {
        ...cookieOptions,
        maxAge: sessionSeconds,
        secure: c.req.header('x-forwarded-proto') === 'https',
      });
      return c.redirect(next, 303);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'rate_limited') throw error;
      const seconds = error.retryAfter ?? 60;
      const reason = `Too many failed logins. Try again in ${Math.ceil(seconds / 60)} min.`;
      return c.html(loginPage(next, shown, reason), 429, { 'Retry-After': String(seconds) });
    }
  });

  app.get('/logout', (c) => c.html(logoutPage()));

  const signedIn = createMiddleware<AppEnv>(async (c, next) => {
    if (!(await credentials.session(c))) throw new AppError('unauthenticated', 'not logged in');
    await next();
  });
  app.post('/logout', audited('auth.logout'), signedIn, sameOrigin, (c) => {
    deleteCookie(c, sessionCookie, cookieOptions);
    return c.redirect('/login', 303);
  });

  const operatorsOnly = createMiddleware<AppEnv>(async (c, next) => {
    const caller = await credentials.session(c);
    if (caller?.kind !== 'operator') return refuse(c, caller !== undefined);
    c.set('caller', caller);
    await next();
  });
  // Bull Board's own calls change things (retry, remove): only from its own pages, and never without a trace.
  const board = [
    audited(changeAction),
    operatorsOnly,
    sameOrigin,
    bodySize(oneMiB),
    createMiddleware<AppEnv>(async (c, next) => {
      if (!reads.has(c.req.method)) await deps.audit.record(requestedChange(c));
      await next();
    }),
  ] as const;
  const show = async (c: Context<AppEnv>) => {
    const answer = await deps.board.fetch(c.req.raw);
    // With the headers of this request (its limit) beside the board's own.
    return c.newResponse(answer.body, answer);
  };
  app.all(boardPath, ...board, show);
  app.all(`${boardPath}/*`, ...board, show);
}

// Before anything happens; what came of it is an event of its own, as of every other request.
function requestedChange(c: Context<AppEnv>): AuditRow {
  return {
    event_id: randomUUID(),
    agent_id: actorOf(c.get('caller')),
    action_type: changeAction,
    status: 'requested',
    result: { method: c.req.method, path: readablePath(c.req.path) },
    started_at: new Date().toISOString(),
    ...originOf(c),
  };
}

// A person is led to the login page; a program hears no.
function refuse(c: Context<AppEnv>, known: boolean): Response {
  const page = c.req.method === 'GET' && !/^\/dashboard\/(?:api|static)(?:\/|$)/.test(c.req.path);
  if (page && !known && (c.req.header('accept') ?? '').includes('text/html')) {
    const { pathname, search } = new URL(c.req.url);
    return c.redirect(`/login?next=${encodeURIComponent(pathname + search)}`, 302);
  }
  throw known
    ? new AppError('forbidden', 'operators only')
    : new AppError('unauthenticated', 'log in as an operator first');
}

// Reading the dashboard leaves no event.
const audited = (action: string) =>
  createMiddleware<AppEnv>(async (c, next) => {
    if (c.req.method !== 'GET') c.set('auditAction', action);
    await next();
  });

const asText = (value: unknown) => (typeof value === 'string' ? value : '');

// Only paths of our own: `//evil` and `/\evil` would lead away.
function safeNext(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])[\w\-/.?=&%]*$/.test(next) ? next : boardPath;
}
