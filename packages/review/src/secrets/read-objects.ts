import type { Readable } from 'node:stream';
import { startGit, type GitPlace } from './git.ts';

/** Reads objects of a repository as they are stored: no attribute, filter or configuration has a part in it. */
export interface ObjectReader {
  /** Asks for objects; each has to be read, in this order. */
  ask(objects: readonly string[]): void;
  /** Reads the next one. @returns its type; `missing` when the repository does not have it, undefined when git has ended. */
  next(take: (chunk: Buffer, type: string) => void): Promise<string | undefined>;
  /** @returns whether git could read all of it */
  end(): Promise<boolean>;
}

export function createObjectReader(place: GitPlace): ObjectReader {
  const { input, output, ended } = startGit(['cat-file', '--batch'], place);
  const bytes = createByteReader(output);
  return {
    ask: (objects) => void input.write(objects.map((object) => `${object}\n`).join('')),
    async next(take) {
      const line = await bytes.line();
      if (line === undefined) return undefined;
      const [, type = '', size] = line.split(' ');
      if (size === undefined) return 'missing';
      const whole =
        (await bytes.take(Number(size), (chunk) => take(chunk, type))) &&
        (await bytes.take(1, () => undefined));
      return whole ? type : undefined;
    },
    async end() {
      input.end();
      // Nothing more comes, or what comes is of no use.
      output.resume();
      return (await ended) === 0;
    },
  };
}

function createByteReader(source: Readable) {
  const chunks = source.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer, undefined>;
  let rest: Buffer = Buffer.alloc(0);
  const more = async () => {
    const { value } = await chunks.next();
    if (value !== undefined) rest = rest.length === 0 ? value : Buffer.concat([rest, value]);
    return value !== undefined;
  };
  return {
    async line(): Promise<string | undefined> {
      let at = rest.indexOf(10);
      while (at < 0) {
        if (!(await more())) return undefined;
        at = rest.indexOf(10);
      }
      const line = rest.toString('latin1', 0, at);
      rest = rest.subarray(at + 1);
      return line;
    },
    async take(length: number, use: (chunk: Buffer) => void): Promise<boolean> {
      for (let left = length; left > 0;) {
        if (rest.length === 0 && !(await more())) return false;
        const part = rest.subarray(0, left);
        use(part);
        left -= part.length;
        rest = rest.subarray(part.length);
      }
      return true;
    },
  };
}
