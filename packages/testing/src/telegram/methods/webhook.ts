import { badRequest } from '../api/api-error.ts';
import { flagParam, integerParam, textParam } from '../api/params.ts';
import { rememberAllowedUpdates } from './get-updates.ts';
import type { Method } from './method.ts';

export const setWebhook: Method = (world, params, signal) => {
  const url = textParam(params, 'url') ?? '';
  if (url === '') return deleteWebhook(world, params, signal);
  // Telegram insists on https; on loopback a plain address is what a test has.
  const parsed = URL.parse(url);
  const local = parsed?.protocol === 'http:' && parsed.hostname === '127.0.0.1';
  if (!parsed || (parsed.protocol !== 'https:' && !local)) {
    throw badRequest('bad webhook: An HTTPS URL must be provided for webhook');
  }
  const secretToken = textParam(params, 'secret_token');
  if (secretToken !== undefined && !/^[\w-]{1,256}$/.test(secretToken)) {
    throw badRequest('secret token contains unallowed characters');
  }
  if (flagParam(params, 'drop_pending_updates')) world.updates.clear();
  rememberAllowedUpdates(params, world.updates);
  const maxConnections = integerParam(params, 'max_connections') ?? 40;
  world.webhook.set({ url, secretToken, maxConnections });
  return true;
};

export const deleteWebhook: Method = ({ updates, webhook }, params) => {
  if (flagParam(params, 'drop_pending_updates')) updates.clear();
  webhook.set(undefined);
  return true;
};

export const getWebhookInfo: Method = ({ webhook, updates }) => {
  const allowed = updates.allowed();
  return { ...webhook.info(), ...(allowed.length > 0 ? { allowed_updates: allowed } : {}) };
};
