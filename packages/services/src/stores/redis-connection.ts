import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '@actp/shared/errors';
import { connectRedis, failFastOptions, type RedisTarget } from '@actp/shared/redis';

export type RedisConnection = ReturnType<typeof connectRedis>;

/** Why a connection could not be used; the last error, and whether it was made and then closed without a word. */
export interface ConnectionFault {
  error: unknown;
  closed: boolean;
}

// Enough for a Redis that is just being started beside us.
const retryForMs = 3_000;
// Of an outside Redis that reads a large file.
const loadingMs = 120_000;
const pauseMs = 50;
const tlsFault = /CERT|SELF_SIGNED|UNABLE_TO|ERR_SSL|ERR_TLS/;
const noEntry = /^(?:NOAUTH|WRONGPASS|Protocol error)/;

/**
 * Connects and runs a first query, retrying while that may help.
 *
 * @param query retried while Redis replies `LOADING`
 * @param how.onLoading called once when Redis is still loading its data
 * @param how.signal ends the waiting
 */
export async function queryWhenReady<T>(
  target: RedisTarget,
  query: (connection: RedisConnection) => Promise<T>,
  { onLoading, signal }: { onLoading: () => void; signal: AbortSignal },
): Promise<{ value: T } | { fault: ConnectionFault }> {
  const fault: ConnectionFault = { error: undefined, closed: false };
  let connected = false;
  const connection = connectRedis(target, { ...failFastOptions, enableReadyCheck: false });
  connection.on('error', (error: unknown) => (fault.error = error));
  connection.on('connect', () => (connected = true));
  connection.on('close', () => (fault.closed ||= connected));
  let deadline = performance.now() + retryForMs;
  let loading = false;
  try {
    while (performance.now() < deadline && !isForGood(fault.error) && !signal.aborted) {
      if (connection.status === 'ready') {
        try {
          return { value: await query(connection) };
        } catch (error) {
          fault.error = isConnectionLoss(error) ? (fault.error ?? error) : error;
          if (messageOf(error).startsWith('LOADING')) {
            if (!loading) {
              onLoading();
              deadline = performance.now() + loadingMs;
            }
            loading = true;
          } else if (isRefusal(error)) {
            return { fault };
          }
        }
      }
      await delay(pauseMs);
    }
    return { fault };
  } finally {
    connection.disconnect();
  }
}

/** Whether Redis replied with an error. */
export const isRefusal = (error: unknown): error is Error =>
  error instanceof Error && error.name === 'ReplyError';

// By waiting neither the password changes, nor the certificate, nor who is at the other end.
const isForGood = (error: unknown) =>
  tlsFault.test(codeOf(error)) || noEntry.test(error === undefined ? '' : messageOf(error));

const isConnectionLoss = (error: unknown) =>
  error instanceof Error && error.message === 'Connection is closed.';

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
