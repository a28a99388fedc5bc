import { pino, type Bindings, type ChildLoggerOptions, type DestinationStream, type Logger } from 'pino';
import { standardOutput } from './log-output.ts';
import { createLogRepeats } from './log-repeats.ts';
import type { RepeatLimitOptions } from './repeat-limit.ts';
import { redact } from '@actp/redaction/redact';
import { redactValue } from '@actp/redaction/redact-value';

export type { Logger };

export interface LoggerOptions {
  app: string;
  level: string;
  /** Where lines go; standard output when left out. */
  destination?: DestinationStream;
  /** How lines that repeat are limited. */
  repeats?: RepeatLimitOptions;
}

/**
 * A JSON logger: one wide event per request, job or update, constant messages, facts in fields.
 * Every field and message is redacted here, so that no caller has to think of it. A warning or error that repeats is counted
 * after the first few.
 */
export function createLogger({ app, level, destination, repeats }: LoggerOptions): Logger {
  const limit = createLogRepeats(repeats);
  const options = {
    base: { app },
    level,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (fields: Record<string, unknown>) => redactValue(fields),
    },
    // The formatter has made them plain already.
    serializers: { err: (error: unknown) => error },
    hooks: {
      logMethod(this: Logger, args: Arguments, method: (...a: Arguments) => void, number: number) {
        const write = (what: readonly unknown[]) => method.apply(this, withoutSecrets(what));
        if (limit.admit({ level: number, bindings: this.bindings(), args }, write)) write(args);
      },
    },
  };
  return withCleanChildren(pino(options, destination ?? standardOutput()));
}

type Arguments = Parameters<Logger['info']>;

// The fields are redacted by the formatter above. What stands behind them becomes text before any formatter sees it,
// and so does the message of an error that comes without one of its own.
function withoutSecrets([first, ...rest]: readonly unknown[]): Arguments {
  const fields = first instanceof Error ? { err: first } : first;
  const failure = isRecord(fields) && rest[0] === undefined ? fields['err'] : undefined;
  const message = failure instanceof Error ? [failure.message] : rest;
  const clean = typeof fields === 'string' ? redact(fields) : fields;
  // pino takes fields or a message, then a message and what belongs into it: what came in, as text where it was text.
  return [clean, ...message.map((part) => redactValue(part))] as unknown as Arguments;
}

// pino resets its formatter of these for children.
function withCleanChildren(log: Logger): Logger {
  const { child, setBindings } = log;
  log.child = function <L extends string>(this: Logger, bindings: Bindings, options?: ChildLoggerOptions<L>) {
    // The type of custom levels goes through unchanged; the compiler loses it in an indirect call.
    return Reflect.apply<Logger, unknown[], unknown>(child as (...args: unknown[]) => unknown, this, [
      redactValue(bindings),
      options,
    ]) as Logger<L>;
  };
  log.setBindings = function (this: Logger, bindings: Bindings) {
    setBindings.call(this, redactValue(bindings));
  };
  return log;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
