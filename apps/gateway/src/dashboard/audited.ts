import { createMiddleware } from 'hono/factory';
import type { AppEnv } from '../app-env.ts';

/** What a request that is no GET is called in the audit log. Reading the dashboard leaves no event. */
export const audited = (action: string) =>
  createMiddleware<AppEnv>(async (c, next) => {
    if (c.req.method !== 'GET') c.set('auditAction', action);
    await next();
  });
