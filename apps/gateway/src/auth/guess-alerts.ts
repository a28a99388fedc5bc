import { createHash } from 'node:crypto';
import { redact } from '@actp/redaction/redact';
import { messageOf } from '@actp/shared/errors';
import type { Logger } from '@actp/shared/log';
import type { LimitReached, LoginAccount, LoginOrigin } from '../rate-limits/login-limit.ts';

const windowMs = 15 * 60_000;
// A flood of guesses must not become a flood of messages, and one about nobody must not hide one about somebody. That an account as a
// whole is under attack is told of every account that there is.
const alertsPerWindow = { nobody: 3, address: 10, account: Number.POSITIVE_INFINITY };
const addressesShown = 5;
const maxAddresses = 1_000;

interface Message {
  key: string;
  kind: string;
  body: string;
}

/**
 * Tells the operators who is guessing at which account, and what is refused because of it: once for each account, address and quarter of
 * an hour.
 *
 * @param deps.now milliseconds since 1970
 */
export function createGuessAlerts(deps: {
  notify: (message: Message) => Promise<unknown>;
  log: Logger;
  now?: () => number;
}) {
  const now = deps.now ?? Date.now;
  let window = -1;
  let sent = new Set<string>();
  const none = () => ({ nobody: 0, address: 0, account: 0 });
  let counts = none();
  /** Account and address: how often that limit was used up by one address. */
  let addresses = new Map<string, Set<string>>();

  return (what: LimitReached, { key, email }: LoginAccount, { ip }: LoginOrigin): void => {
    const current = Math.floor(now() / windowMs);
    if (current !== window) {
      window = current;
      sent = new Set();
      counts = none();
      addresses = new Map();
    }
    const account = createHash('sha256').update(key).digest('hex').slice(0, 16);
    const from = addresses.get(account) ?? new Set<string>();
    if (from.size < maxAddresses) from.add(ip);
    addresses.set(account, from);
    if (addresses.size > maxAddresses) addresses.clear();
    // Somebody who tries names that nobody has is one message for each address.
    const about =
      what.by === 'account' || email !== undefined ? `${account}:${what.by === 'account' ? 'all' : ip}` : ip;
    const dedupe = `login-guessing:${about}:${what.by}:${current}`;
    const sort = email === undefined ? 'nobody' : what.by === 'account' ? 'account' : 'address';
    if (sent.has(dedupe) || counts[sort] >= alertsPerWindow[sort]) return;
    sent.add(dedupe);
    counts[sort] += 1;
    const body = textOf(what, email, ip, [...from]);
    deps.notify({ key: dedupe, kind: 'auth.guessing', body }).catch((error: unknown) => {
      deps.log.warn({ reason: messageOf(error) }, 'the alert about failed logins was not stored');
    });
  };
}

function textOf(what: LimitReached, email: string | undefined, ip: string, all: string[]): string {
  const account = email === undefined ? 'accounts that do not exist' : redact(email);
  if (what.by === 'account') {
    const more = all.length > addressesShown ? ` and ${all.length - addressesShown} more` : '';
    return [
      `🔑 ${what.failures} failed logins to ${account} within 15 minutes, from ${all.slice(0, addressesShown).join(', ')}${more}.`,
      'New devices are refused for this account until there is room again; devices that have logged in before are not.',
    ].join('\n');
  }
  const who = what.by === 'device' ? `a known device at ${ip}` : ip;
  return [
    `🔑 ${what.failures} failed logins to ${account} within 15 minutes, from ${who}.`,
    'Further attempts from there are refused until there is room again. Known devices and other addresses are not concerned.',
  ].join('\n');
}
