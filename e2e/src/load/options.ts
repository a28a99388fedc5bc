import { parseArgs } from 'node:util';

export interface Options {
  /** Requests per second. */
  rate: number;
  seconds: number;
  /** A plane that runs already; undefined for one of its own. */
  target: string | undefined;
  /** Where the result goes as JSON. */
  json: string | undefined;
}

/** A word that the program does not take. */
export class OptionError extends Error {
  override name = 'OptionError';
}

const defaultRate = '50';
const defaultMinutes = '1';

/** @throws OptionError naming what is wrong */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rate: { type: 'string', default: defaultRate },
      minutes: { type: 'string', default: defaultMinutes },
      target: { type: 'string' },
      json: { type: 'string' },
    },
  });
  return {
    rate: positive('--rate', values.rate, 10_000),
    seconds: positive('--minutes', values.minutes, 10_080) * 60,
    target: values.target === undefined ? undefined : targetOf(values.target),
    json: values.json,
  };
}

function positive(name: string, text: string, most: number): number {
  const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value > 0 && value <= most) return value;
  throw new OptionError(`${name} has to be a number above 0, up to ${most}`);
}

function targetOf(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new OptionError('--target has to be the URL of a gateway');
  return url.origin;
}
