import { messageOf } from '@actp/shared/errors';
import type { RedisTarget } from '@actp/shared/redis';
import { usesTls } from '@actp/shared/redis-target';
import { errorProblem } from './redis-error-problem.ts';
import { isRefusal, type ConnectionFault } from './redis-connection.ts';
import { errorCodeSuffix, type StoreProblem } from './store-problem.ts';

/** What a connection that cannot be used means, and how to set it right. */
export function connectionProblem(
  key: string,
  target: RedisTarget,
  { error, closed }: ConnectionFault,
): StoreProblem {
  if (messageOf(error).startsWith('LOADING')) {
    return {
      problem: `The Redis server at ${key} is still loading its data.`,
      remedy: 'Start again when it has finished.',
    };
  }
  const refused = isRefusal(error) ? errorProblem(key, [{ command: 'info', error }]) : undefined;
  if (refused !== undefined) return refused;
  const encrypted = usesTls(target);
  const code = errorCodeSuffix(error);
  if (encrypted && code.includes('ALTNAME')) {
    return {
      problem: `The certificate of the Redis server at ${key} is for another host name${code}.`,
      remedy: `Write the host in ${key} as the certificate names it${key === 'REDIS_CLUSTER_NODES' ? ', and have the nodes announce it (cluster-announce-hostname, cluster-preferred-endpoint-type hostname)' : ''}.`,
    };
  }
  if (encrypted && /CERT|SELF_SIGNED|UNABLE_TO/.test(code)) {
    return {
      problem: `The certificate of the Redis server at ${key} is not trusted${code}.`,
      remedy: `Set NODE_EXTRA_CA_CERTS to a file with the certificate of its authority (PEM), or correct the host in ${key}.`,
    };
  }
  if (encrypted && /ERR_SSL|EPROTO/.test(code)) {
    return {
      problem: `The Redis server at ${key} does not speak TLS${code}.`,
      remedy: `Use redis:// in ${key}, or its TLS port.`,
    };
  }
  if (messageOf(error).startsWith('Protocol error')) {
    return {
      problem: `The server at ${key} does not speak the Redis protocol.`,
      remedy: `Correct ${key}${encrypted ? '' : '; for a TLS port use rediss://'}.`,
    };
  }
  if (closed && !encrypted && !code.includes('REFUSED')) {
    return {
      problem: `The Redis server at ${key} closes the connection${code}.`,
      remedy: `Correct ${key}; for a TLS port use rediss://.`,
    };
  }
  return {
    problem: `The Redis server at ${key} is unavailable${code}.`,
    remedy: `Start it, correct ${key}${encrypted ? ' (redis:// when it does not speak TLS)' : ''}, or unset ${key} to use the embedded Redis.`,
  };
}
