import type { Context } from 'hono';
import type { AppEnv } from '../app-env.ts';

/**
 * A request header as Node has read it. Hono's own way goes through the Fetch API, which checks and searches anew for
 * each of the dozen looks that a request takes here.
 *
 * @param name in lower case
 */
export function headerOf(c: Context<AppEnv>, name: string): string | undefined {
  const value = c.env.incoming.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
