import { pino, type DestinationStream, type Logger } from 'pino';
import { redact, redactValue } from './redact.ts';

export type { Logger };

export interface LoggerOptions {
  app: string;
  level: string;
  /** Where lines go; standard output when left out. */
  destination?: DestinationStream;
}

/**
 * A JSON logger: one wide event per request, job or update, constant messages, facts in fields.
 * Every field and message is redacted here, so that no caller has to think of it.
 */
export function createLogger({ app, level, destination }: LoggerOptions): Logger {
  const options = {
    base: { app },
    level,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (fields: Record<string, unknown>) => redactValue(fields),
    },
    serializers: { err: serializeError, error: serializeError },
    hooks: {
      logMethod(args: Parameters<Logger['info']>, method: (...a: typeof args) => void) {
        method.apply(
          this,
          // The message is the only string argument; pino's own formatting of further ones happens later.
          args.map((arg) => (typeof arg === 'string' ? redact(arg) : arg)) as typeof args,
        );
      },
    },
  };
  // Synchronous: on exit, pino's asynchronous stream repeats a write to a broken pipe for ever (sonic-boom 4.2.1,
  // flushSync), and an app whose supervisor was killed would never end.
  return pino(options, destination ?? pino.destination({ fd: 1, sync: true }));
}

function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return redactValue(error);
  return {
    type: error.name,
    message: redact(error.message),
    stack: redact(error.stack ?? ''),
    ...('code' in error ? { code: error.code } : {}),
    ...(error.cause === undefined ? {} : { cause: serializeError(error.cause) }),
  };
}
