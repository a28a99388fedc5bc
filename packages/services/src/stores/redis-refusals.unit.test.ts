import { describe, expect, it } from 'vitest';
import type { RedisTarget } from '@actp/shared/redis';
import { connectionProblem } from './redis-connection-problem.ts';
import { errorProblem } from './redis-error-problem.ts';

/** Errors as Redis and the client give them. */
const refusal = (message: string) => Object.assign(new Error(message), { name: 'ReplyError' });
const failure = (code: string, message = 'failed') => Object.assign(new Error(message), { code });
const problemOf = (...messages: string[]) =>
  errorProblem(
    'REDIS_URL',
    messages.map((message, n) => ({ command: ['xadd', 'get', 'set'][n] ?? '', error: refusal(message) })),
  );

describe('what Redis refuses', () => {
  it.each([
    ['NOAUTH Authentication required.', 'rejects the credentials', 'user and password in REDIS_URL'],
    ['WRONGPASS invalid username-password pair', 'rejects the credentials', 'user and password in REDIS_URL'],
    ['ERR invalid password', 'rejects the credentials', 'user and password in REDIS_URL'],
    [
      'ERR AUTH <password> called without any password configured',
      'rejects the credentials',
      'user and password in REDIS_URL',
    ],
    [
      'DENIED Redis is running in protected mode',
      'protected mode',
      'password on it, and put it into REDIS_URL',
    ],
    ['ERR max number of clients reached', 'has too many connections', 'maxclients'],
    ["OOM command not allowed when used memory > 'maxmemory'", 'is full (maxmemory)', 'raise its maxmemory'],
    ["READONLY You can't write against a read only replica.", 'is a read-only replica', 'Set REDIS_URL'],
    [
      'MISCONF Redis is configured to save RDB snapshots',
      'cannot write to its disk',
      'free space on its disk',
    ],
    ['NOREPLICAS Not enough good replicas to write.', 'has fewer replicas', 'Bring its replicas back'],
    ['CLUSTERDOWN The cluster is down', 'is not available (CLUSTERDOWN)', 'every slot must have a primary'],
    ['MOVED 866 127.0.0.1:7001', 'is not available (CLUSTERDOWN)', 'every slot must have a primary'],
    ['ASK 866 127.0.0.1:7001', 'is not available (CLUSTERDOWN)', 'every slot must have a primary'],
    ['TRYAGAIN Multiple keys request during rehashing', 'is not available', 'every slot must have a primary'],
    ['ERR DB index is out of range', 'has no database with that number', 'the end of REDIS_URL'],
    ['ERR SELECT is not allowed in cluster mode', 'has no database with that number', '"databases"'],
    ['ERR invalid DB index', 'has no database with that number', 'the end of REDIS_URL'],
    [
      'ERR value is not an integer or out of range',
      'has no database with that number',
      'the end of REDIS_URL',
    ],
    ["ERR unknown command 'XADD'", 'lacks commands that the plane needs', 'Redis 6.2 or later'],
    ["ERR Unknown command 'XADD'", 'lacks commands that the plane needs', 'Redis 6.2 or later'],
  ])('is said with its remedy: %s', (message, problem, remedy) => {
    const found = problemOf(message);
    expect(found?.problem).toMatch(/^The Redis server at REDIS_URL .*\.$/);
    expect(found?.problem).toContain(problem);
    expect(found?.remedy).toContain(remedy);
    // Whatever else it refuses.
    expect(problemOf("NOPERM this user has no permissions to run the 'get' command", message)).toEqual(found);
  });

  it.each([
    'NOSCRIPT No matching script.',
    'WRONGTYPE Operation against a key holding the wrong kind of value',
    'ERR no such key',
    'ERR index out of range',
  ])('is nothing when the command itself was allowed: %s', (message) => {
    expect(problemOf()).toBeUndefined();
    expect(problemOf(message)).toBeUndefined();
    expect(problemOf(message, 'OOM')?.problem).toContain('is full');
  });

  it('is only believed at the beginning of what it says', () => {
    for (const text of ['OOM', 'MISCONF', 'NOAUTH', 'WRONGPASS', 'DENIED', 'READONLY', 'NOREPLICAS', 'MOVED'])
      expect(problemOf(`ERR wrong argument ${text}`)?.problem).toContain('refuses xadd (ERR)');
    for (const text of ['NOSCRIPT', 'WRONGTYPE'])
      expect(problemOf(`ERR wrong argument ${text}`)?.problem).toContain('refuses xadd (ERR)');
  });

  it('and is not known is said with its code', () => {
    const found = problemOf('BUSY Redis is busy running a script');
    expect(found?.problem).toBe('The Redis server at REDIS_URL refuses xadd (BUSY).');
    expect(found?.remedy).toBe('Check its log, or set REDIS_URL to another server.');
    expect(problemOf('something strange')?.problem).toBe('The Redis server at REDIS_URL refuses xadd.');
    expect(problemOf('Some thing')?.problem).toBe('The Redis server at REDIS_URL refuses xadd.');
  });
});

describe('rights that a user of Redis lacks', () => {
  const keys = 'may not use the keys or channels of the plane';

  it.each<[messages: string[], lacks: string]>([
    [["NOPERM User plane has no permissions to run the 'config|get' command"], 'may not run config|get'],
    [["NOPERM this user has no permissions to run the 'xadd' command or its subcommand"], 'may not run xadd'],
    // Which command it is, an older Redis does not say.
    [["ERR user can't run this command", 'NOPERM', 'NOPERM'], 'may not run xadd, get, set'],
    [["NOPERM run the 'get' command", "NOPERM run the 'get' command"], 'may not run get'],
    [['NOPERM this user has no permissions to access one of the keys used as arguments'], keys],
    [['NOPERM No permissions to access a Channel'], keys],
    [["ERR can't access that"], 'may not run xadd'],
    [
      ["NOPERM run the 'set' command", 'NOPERM No permissions to access a key'],
      `may not run set and ${keys}`,
    ],
  ])('are named: %j', (messages, lacks) => {
    const found = problemOf(...messages);
    expect(found?.problem).toBe(`The user in REDIS_URL ${lacks} (NOPERM).`);
    expect(found?.remedy).toMatch(
      /^Give it the rights: ACL SETUSER <user> ~actp:\* ~\{actp\* &actp:\* \+@all /,
    );
  });

  it('are told from what only mentions them', () => {
    expect(problemOf('ERR wrong argument NOPERM')?.problem).toContain('refuses xadd (ERR)');
  });
});

describe('a connection to Redis that cannot be used', () => {
  const plain: RedisTarget = { REDIS_URL: 'redis://redis.example.com', REDIS_CLUSTER_NODES: [] };
  const encrypted: RedisTarget = { REDIS_URL: 'rediss://redis.example.com', REDIS_CLUSTER_NODES: [] };
  const of = (target: RedisTarget, error: unknown, closed = false, key = 'REDIS_URL') =>
    connectionProblem(key, target, { error, closed });

  it.each<[what: string, target: RedisTarget, error: unknown, problem: string, remedy: string]>([
    [
      'is still loading',
      plain,
      refusal('LOADING Redis is loading the dataset in memory'),
      'is still loading its data.',
      'Start again when it has finished.',
    ],
    [
      'is refused',
      plain,
      refusal('NOAUTH Authentication required.'),
      'rejects the credentials.',
      'Correct the',
    ],
    ['may not ask', plain, refusal('BUSY Redis is busy'), 'refuses info (BUSY).', 'Check its log'],
    [
      'has a certificate of another name',
      encrypted,
      failure('ERR_TLS_CERT_ALTNAME_INVALID'),
      'is for another host name (ERR_TLS_CERT_ALTNAME_INVALID).',
      'Write the host in REDIS_URL as the certificate names it.',
    ],
    ...[
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'SELF_SIGNED',
      'CERT_HAS_EXPIRED',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    ].map((code): [string, RedisTarget, unknown, string, string] => [
      `has a certificate that nobody knows: ${code}`,
      encrypted,
      failure(code),
      `is not trusted (${code}).`,
      'Set NODE_EXTRA_CA_CERTS to a file with the certificate of its authority (PEM), or correct the host in REDIS_URL.',
    ]),
    ...['ERR_SSL_WRONG_VERSION_NUMBER', 'EPROTO'].map(
      (code): [string, RedisTarget, unknown, string, string] => [
        `does not speak TLS: ${code}`,
        encrypted,
        failure(code),
        `does not speak TLS (${code}).`,
        'Use redis:// in REDIS_URL, or its TLS port.',
      ],
    ),
    [
      'is something else',
      plain,
      new Error('Protocol error, got "H" as reply type byte'),
      'does not speak the Redis protocol.',
      'Correct REDIS_URL; for a TLS port use rediss://.',
    ],
    [
      'is something else with TLS',
      encrypted,
      new Error('Protocol error, got "H" as reply type byte'),
      'does not speak the Redis protocol.',
      'Correct REDIS_URL.',
    ],
    [
      'is away',
      plain,
      failure('ECONNREFUSED'),
      'is unavailable (ECONNREFUSED).',
      'Start it, correct REDIS_URL, or unset REDIS_URL to use the embedded Redis.',
    ],
    // Without TLS such a code says nothing of a certificate.
    [
      'is away with a strange code',
      plain,
      failure('CERT_HAS_EXPIRED'),
      'is unavailable (CERT_HAS_EXPIRED).',
      '',
    ],
    ['is away: another', plain, failure('ERR_TLS_CERT_ALTNAME_INVALID'), 'is unavailable', ''],
    ['is away: a third', plain, failure('EPROTO'), 'is unavailable (EPROTO).', ''],
    [
      'is away with TLS',
      encrypted,
      failure('ETIMEDOUT'),
      'is unavailable (ETIMEDOUT).',
      'correct REDIS_URL (redis:// when it does not speak TLS), or unset',
    ],
    ['says nothing', plain, undefined, 'is unavailable.', 'Start it'],
  ])('%s', (_what, target, error, problem, remedy) => {
    const found = of(target, error);
    expect(found.problem).toMatch(
      /^The (?:certificate of the Redis )?server at REDIS_URL|^The Redis server at REDIS_URL/,
    );
    expect(found.problem).toContain(problem);
    expect(found.remedy).toContain(remedy);
  });

  it('is closed by the other end, which may want TLS', () => {
    expect(of(plain, failure('ECONNRESET'), true)).toEqual({
      problem: 'The Redis server at REDIS_URL closes the connection (ECONNRESET).',
      remedy: 'Correct REDIS_URL; for a TLS port use rediss://.',
    });
    expect(of(encrypted, failure('ECONNRESET'), true).problem).toContain('is unavailable');
    expect(of(plain, failure('ECONNREFUSED'), true).problem).toContain('is unavailable');
  });

  it('of a cluster says how nodes get the name of their certificate', () => {
    const nodes = { REDIS_CLUSTER_NODES: [{ host: 'redis.example.com', port: 6_379, tls: true }] };
    const { remedy } = of(nodes, failure('ERR_TLS_CERT_ALTNAME_INVALID'), false, 'REDIS_CLUSTER_NODES');
    expect(remedy).toMatch(/^Write the host in REDIS_CLUSTER_NODES .*cluster-announce-hostname/);
  });

  it('is told by the code of what happened beneath it', () => {
    const beneath = new Error('fetch failed', { cause: failure('ECONNREFUSED') });
    expect(of(plain, beneath).problem).toContain('(ECONNREFUSED)');
    const ofNode = Object.assign(new Error('Failed to refresh slots cache.'), {
      lastNodeError: failure('ETIMEDOUT'),
    });
    expect(of(plain, ofNode).problem).toContain('(ETIMEDOUT)');
    expect(of(plain, Object.assign(new Error('x'), { code: 7 })).problem).toContain('is unavailable.');
    expect(of(plain, { code: 'ECONNREFUSED' }).problem).toContain('is unavailable.');
  });
});
