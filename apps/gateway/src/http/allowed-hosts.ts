import type { Context } from 'hono';
import { AppError } from '@actp/shared/errors';
import type { AppEnv } from '../app-env.ts';
import { headerOf } from './header-of.ts';

/**
 * Answers only requests that were meant for this host, so that a web page cannot reach the gateway through a name of
 * its own that it points at 127.0.0.1 (DNS rebinding).
 *
 * @param hosts names without a port, lower case; any port is fine
 * @returns a function that throws AppError `validation_failed` for any other Host
 */
export function allowedHosts(hosts: readonly string[]): (c: Context<AppEnv>) => void {
  const known = new Set(hosts);
  return (c) => {
    const host = (headerOf(c, 'host') ?? '').toLowerCase().replace(/:\d+$/, '');
    if (!known.has(host)) {
      throw new AppError('validation_failed', 'host not allowed (see ALLOWED_HOSTS)', {
        fields: [{ field: 'Host', message: 'must be one of ALLOWED_HOSTS' }],
      });
    }
  };
}
