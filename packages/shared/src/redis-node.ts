import { z } from 'zod';

/** A node of a Redis Cluster, or a Sentinel. */
export interface RedisNode {
  host: string;
  port: number;
  username?: string;
  password?: string;
  tls?: boolean;
}

/** How a server is entered. */
export type RedisAccess = Pick<RedisNode, 'username' | 'password' | 'tls'>;

const rule =
  'must be host:port or redis://user:password@host:port (rediss:// with TLS), separated by commas; a comma in a password is %2C';
const sameRule = 'must have the same user, password and redis:// or rediss:// in every URL';

/** A list of addresses: `host:port` or URLs. @param port the one of a URL that names none */
export function redisNodes(port: number) {
  return z
    .string({ error: rule })
    .transform((value, ctx): readonly RedisNode[] => {
      const refuse = (message: string) => {
        ctx.addIssue({ code: 'custom', message });
        return z.NEVER;
      };
      const entries = value
        .split(',')
        .map((entry) => entry.trim())
        .filter((entry) => entry !== '');
      const nodes: RedisNode[] = [];
      for (const entry of entries) {
        const node = hostPort(entry) ?? fromUrl(entry, port);
        if (node === undefined) return refuse(rule);
        nodes.push(node);
      }
      return new Set(nodes.filter(isFromUrl).map(accessKey)).size > 1 ? refuse(sameRule) : nodes;
    })
    .default([]);
}

/** What all of them are entered with: nodes that announce each other later have no credentials of their own. */
export function accessOf(nodes: readonly RedisNode[]): RedisAccess {
  const { username, password, tls } = nodes.find(isFromUrl) ?? {};
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    tls: tls === true,
  };
}

/** The address of one of them, for a connection to it alone. */
export function nodeUrl({ host, port }: RedisNode, { username = '', password, tls }: RedisAccess): string {
  const credentials =
    password === undefined ? '' : `${encodeURIComponent(username)}:${encodeURIComponent(password)}@`;
  return `redis${tls === true ? 's' : ''}://${credentials}${host.includes(':') ? `[${host}]` : host}:${port}`;
}

const isFromUrl = ({ tls }: RedisNode) => tls !== undefined;
const accessKey = ({ username, password, tls }: RedisNode) => JSON.stringify([username, password, tls]);

function hostPort(entry: string): RedisNode | undefined {
  const match = /^(\[[0-9a-fA-F:]+\]|[\w.-]+):(\d{1,5})$/.exec(entry);
  if (!match?.[1] || !match[2] || Number(match[2]) > 65_535) return undefined;
  return { host: withoutBrackets(match[1]), port: Number(match[2]) };
}

function fromUrl(entry: string, defaultPort: number): RedisNode | undefined {
  const url = URL.parse(entry);
  if (url === null || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '') return undefined;
  // A cluster has one database; what stands behind the address would be ignored.
  if (!['', '/'].includes(url.pathname) || url.search !== '' || url.hash !== '') return undefined;
  if (url.password === '' && url.username !== '') return undefined;
  try {
    return {
      host: withoutBrackets(url.hostname),
      port: url.port === '' ? defaultPort : Number(url.port),
      ...(url.username === '' ? {} : { username: decodeURIComponent(url.username) }),
      ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
      tls: url.protocol === 'rediss:',
    };
  } catch {
    return undefined;
  }
}

const withoutBrackets = (host: string) => host.replace(/^\[|\]$/g, '');
