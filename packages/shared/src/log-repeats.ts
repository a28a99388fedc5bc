import { createHash } from 'node:crypto';
import { createRepeatLimit, repeatWindowMs, type RepeatLimitOptions } from './repeat-limit.ts';

// pino's numbers. What is fatal is said once and must be seen; what is info is an event, each of its own.
const warning = 40;
const fatal = 60;
// How long it took and which attempt it was make no other line of it.
const measures = /(?:^|_)ms$|^attempt$/;

/** One line: its level, the facts of its logger, and what was handed in. */
export interface LoggedLine {
  level: number;
  bindings: Record<string, unknown>;
  args: readonly unknown[];
}

/**
 * Says which warnings and errors are written: the first few of the same message, error and facts, then one line that says
 * how many more came within ten seconds.
 */
export function createLogRepeats(options: RepeatLimitOptions = {}) {
  const limit = createRepeatLimit(options);
  return {
    /** @param write writes a line with these arguments */
    admit(line: LoggedLine, write: (args: readonly unknown[]) => void): boolean {
      if (line.level < warning || line.level >= fatal) return true;
      const key = keyOf(line);
      return key === undefined || limit.admit(key, (count) => write(withCount(line.args, count)));
    },
  };
}

function keyOf({ level, bindings, args }: LoggedLine): string | undefined {
  try {
    return createHash('sha256')
      .update(JSON.stringify([level, bindings, args], plain))
      .digest('base64');
  } catch {
    return undefined; // no JSON: written as it comes
  }
}

function plain(name: string, value: unknown): unknown {
  if (measures.test(name)) return undefined;
  if (!(value instanceof Error)) return value;
  return {
    name: value.name,
    message: value.message,
    code: 'code' in value ? value.code : undefined,
    cause: value.cause,
  };
}

function withCount(args: readonly unknown[], count: number): readonly unknown[] {
  const [first, ...rest] = args;
  const facts = { repeated: count, within_ms: repeatWindowMs };
  if (typeof first === 'string') return [facts, ...args];
  if (first instanceof Error) return [{ err: first, ...facts }, ...rest];
  return [{ ...Object(first), ...facts }, ...rest];
}
