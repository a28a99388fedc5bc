import { randomUUID } from 'node:crypto';
import type { Context, Hono } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { AuditRow } from '@actp/shared/audit/event';
import { AppError } from '@actp/shared/errors';
import { actorOf, originOf } from '../audit/origin.ts';
import { readablePath } from '../audit/readable-path.ts';
import type { Credentials } from '../auth/credentials.ts';
import type { AppDeps } from '../app-deps.ts';
import type { AppEnv } from '../app-env.ts';
import { bodySize, oneMiB } from '../http/body-rules.ts';
import { sameOrigin } from '../http/same-origin.ts';
import { audited } from './audited.ts';
import { boardPath } from './board.ts';
import { logInOutRoutes } from './log-in-out.ts';
import { pageScriptRoutes } from './page-scripts.ts';

const changeAction = 'dashboard.change';
const reads: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** `/login`, `/logout` and Bull Board at `/dashboard`: nothing of the latter, not even a script, without an operator. */
export function dashboardRoutes(
  app: Hono<AppEnv>,
  credentials: Credentials,
  deps: Pick<AppDeps, 'signIn' | 'db' | 'sessions' | 'config' | 'board' | 'audit'>,
): void {
  pageScriptRoutes(app);
  logInOutRoutes(app, credentials, deps);

  const operatorsOnly = createMiddleware<AppEnv>(async (c, next) => {
    const caller = await credentials.session(c, isFrame(c) ? 'cookie' : 'page-token');
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
    // Read for long, it is not given to somebody whose session has ended meanwhile.
    const still = isFrame(c) || !reads.has(c.req.method) || (await credentials.session(c, 'page-token'));
    if (!still) {
      await answer.body?.cancel();
      throw new AppError('unauthenticated', 'the session has ended');
    }
    // Whatever the path looked like: data needs more than the cookie.
    const type = answer.headers.get('content-type') ?? '';
    if (isFrame(c) && answer.ok && !frameTypes.test(type) && !c.req.path.startsWith(staticPath)) {
      throw new AppError('unauthenticated', 'log in as an operator first');
    }
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
    source: 'plane',
  };
}

// The page itself, and its scripts and pictures: a browser asks for them without our header, and there is nothing of the queues in them.
const isFrame = (c: Context<AppEnv>) =>
  (c.req.method === 'GET' || c.req.method === 'HEAD') && !/^\/dashboard\/+api(?:\/|$)/i.test(c.req.path);
// Texts of its languages are JSON.
const staticPath = `${boardPath}/static/`;
const frameTypes = /^(?:text\/(?:html|css|javascript)|image\/|font\/|application\/(?:javascript|font))/;

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
