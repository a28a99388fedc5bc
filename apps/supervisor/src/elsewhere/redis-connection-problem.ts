import { messageOf } from '@actp/shared/errors';
import type { RedisTarget } from '@actp/shared/redis';
import { answerProblem } from './redis-answer-problem.ts';
import { isRefusal, type ConnectionFault } from './redis-connection.ts';
import { inBrackets, type StoreProblem } from './store-problem.ts';

/** What a connection that cannot be used means, and how to set it right. */
export function connectionProblem(
  key: string,
  target: RedisTarget,
  { error, closed }: ConnectionFault,
): StoreProblem {
  if (messageOf(error).startsWith('LOADING')) {
    return {
      problem: `The Redis that ${key} names is still loading its data.`,
      remedy: 'Start again when it has loaded it.',
    };
  }
  const refused = isRefusal(error) ? answerProblem(key, [{ command: 'info', error }]) : undefined;
  if (refused !== undefined) return refused;
  const encrypted = target.REDIS_URL?.startsWith('rediss:') === true;
  const code = inBrackets(error);
  if (encrypted && /CERT|SELF_SIGNED|UNABLE_TO|ALTNAME/.test(code)) {
    return {
      problem: `The certificate of the Redis that ${key} names is not trusted${code}.`,
      remedy: `Set NODE_EXTRA_CA_CERTS to a file with the certificate of its authority (PEM), or correct the host in ${key}.`,
    };
  }
  if (encrypted && /ERR_SSL|EPROTO/.test(code)) {
    return {
      problem: `The Redis that ${key} names does not speak TLS${code}.`,
      remedy: `Write redis:// in ${key}, or name its TLS port.`,
    };
  }
  if (messageOf(error).startsWith('Protocol error')) {
    return {
      problem: `What ${key} names answers, but not as Redis does.`,
      remedy: `Correct ${key}${encrypted ? '' : '; for a port that wants TLS write rediss://'}.`,
    };
  }
  if (closed && !encrypted && !code.includes('REFUSED')) {
    return {
      problem: `The Redis that ${key} names does not answer: it closes the connection${code}.`,
      remedy: `Correct ${key}; for a port that wants TLS write rediss://.`,
    };
  }
  return {
    problem: `The Redis that ${key} names does not answer${code}.`,
    remedy: `Start it, correct ${key}${encrypted ? ' (redis:// when it does not speak TLS)' : ''}, or leave ${key} out: then an embedded Redis is started.`,
  };
}
