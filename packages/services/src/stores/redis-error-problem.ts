import { planeCommands } from '@actp/embedded/redis-rights';
import type { RejectedCommand } from './redis-permissions.ts';
import type { StoreProblem } from './store-problem.ts';

// Redis' refusals begin with a code.
const meanings: ReadonlyArray<readonly [code: RegExp, problem: string, remedy: (key: string) => string]> = [
  [
    /^(NOAUTH|WRONGPASS)|invalid password|without any password/,
    'rejects the credentials',
    (key) => `Correct the user and password in ${key}.`,
  ],
  [
    /^DENIED/,
    'rejects the connection (protected mode)',
    (key) => `Set a password on it, and put it into ${key}.`,
  ],
  [
    /max number of clients/,
    'has too many connections',
    () => 'Raise its maxclients, or close other connections.',
  ],
  [
    /^OOM/,
    'is full (maxmemory) and refuses writes',
    () => 'Free memory there, or raise its maxmemory; keep maxmemory-policy noeviction.',
  ],
  [/^READONLY/, 'is a read-only replica', (key) => `Set ${key} to its primary.`],
  [/^MISCONF/, 'cannot write to its disk and refuses writes', () => 'Check its log; free space on its disk.'],
  [
    /^NOREPLICAS/,
    'has fewer replicas than min-replicas-to-write demands',
    () => 'Bring its replicas back, or lower that setting.',
  ],
  [
    /^(CLUSTERDOWN|MOVED|ASK|TRYAGAIN)/,
    'is part of a cluster that is not available (CLUSTERDOWN)',
    () => 'Check CLUSTER INFO; every slot must have a primary.',
  ],
  [
    /DB index|SELECT is not allowed|invalid DB|not an integer/,
    'has no database with that number',
    (key) => `Correct the number at the end of ${key}, or raise its "databases".`,
  ],
  [/unknown command/i, 'lacks commands that the plane needs', () => 'Use Redis 6.2 or later, or Valkey.'],
];

const permissionError = /^NOPERM|can't run this command|can't access/;
// What says that the command was allowed: an answer of that script, or of a key that is not there.
const allowed = /^(NOSCRIPT|WRONGTYPE)|no such key|index out of range/;

/** What Redis' refusals mean, and how to set it right; undefined when there are none. */
export function errorProblem(key: string, refused: readonly RejectedCommand[]): StoreProblem | undefined {
  const real = refused.filter(({ error }) => !allowed.test(error.message));
  for (const { error } of real) {
    const [, problem, remedy] = meanings.find(([code]) => code.test(error.message)) ?? [];
    if (problem !== undefined && remedy !== undefined) {
      return { problem: `The Redis server at ${key} ${problem}.`, remedy: remedy(key) };
    }
  }
  const denied = real.filter(({ error }) => permissionError.test(error.message));
  if (denied.length > 0) return missingPermissions(key, denied);
  const [other] = real;
  if (other === undefined) return undefined;
  const [code = ''] = /^[A-Z]+\b/.exec(other.error.message) ?? [];
  return {
    problem: `The Redis server at ${key} refuses ${other.command}${code === '' ? '' : ` (${code})`}.`,
    remedy: `Check its log, or set ${key} to another server.`,
  };
}

function missingPermissions(key: string, denied: readonly RejectedCommand[]): StoreProblem {
  const forKeys = denied.filter(({ error }) => /key|channel/i.test(error.message));
  const commands = [...new Set(denied.filter((one) => !forKeys.includes(one)).map(nameOf))];
  const what = [
    ...(commands.length > 0 ? [`may not run ${commands.join(', ')}`] : []),
    ...(forKeys.length > 0 ? ['may not use the keys or channels of the plane'] : []),
  ];
  return {
    problem: `The user in ${key} ${what.join(' and ')} (NOPERM).`,
    remedy: `Give it the rights: ACL SETUSER <user> ~actp:* ~{actp* &actp:* ${planeCommands}`,
  };
}

// Redis names it; what was asked first may have been something else.
const nameOf = ({ command, error }: RejectedCommand) =>
  /the '([\w|]+)' command/.exec(error.message)?.[1] ?? command;
