import type { MiddlewareHandler } from 'hono';
import { AppError } from '@actp/shared/errors';
import type { AppEnv } from '../app-env.ts';
import { headerOf } from './header-of.ts';

/**
 * Refuses what a page of another site makes a signed-in browser send (CSRF). Browsers name the origin of every such
 * request; a program that names none has no session to abuse. Only the host is compared, since a proxy in front may
 * speak https.
 */
export const sameOrigin: MiddlewareHandler<AppEnv> = async (c, next) => {
  const safe = c.req.method === 'GET' || c.req.method === 'HEAD';
  if (!safe && isForeign(headerOf(c, 'origin'), headerOf(c, 'sec-fetch-site'), headerOf(c, 'host'))) {
    throw new AppError('forbidden', 'cross-site request refused');
  }
  await next();
};

function isForeign(origin?: string, site?: string, host?: string): boolean {
  // `none` is a person who typed the address.
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host?.toLowerCase();
}
