import { parseArgs } from 'node:util';

export const usage = `Serves the API that self-heal calls at ACD_URL, from a coding agent's command line.

  node examples/acd-adapter/src/main.ts --cwd FOLDER [--port 3434] [--minutes 25] -- COMMAND [ARGUMENT ...]

COMMAND    the coding agent. It gets the prompt on its standard input, or where an argument says {prompt}; works in FOLDER,
           one run at a time; exit code 0 means that it believes to be done
--cwd      the checkout of the suite that is to be repaired
--port     where it listens, on 127.0.0.1 alone
--minutes  a run is ended after this long; less than ACD_TIMEOUT_MINUTES of the plane
ACD_TOKEN  in the environment: callers have to send it. The plane has the same setting

For instance:  node examples/acd-adapter/src/main.ts --cwd /srv/calc -- my-agent --non-interactive`;

export interface Options {
  cwd: string;
  port: number;
  minutes: number;
  words: [string, ...string[]];
}

/** @throws what is wrong with the options; undefined when help is asked for */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      cwd: { type: 'string' },
      port: { type: 'string', default: '3434' },
      minutes: { type: 'string', default: '25' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const [program, ...rest] = positionals;
  if (values.cwd === undefined) throw new Error('--cwd is missing');
  if (program === undefined) throw new Error('the command is missing: it follows --');
  return {
    cwd: values.cwd,
    port: numberOf('--port', values.port, 65_535),
    minutes: numberOf('--minutes', values.minutes, 24 * 60),
    words: [program, ...rest],
  };
}

function numberOf(name: string, text: string, max: number): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number) || number < 0 || number > max)
    throw new Error(`${name} must be a number up to ${max}`);
  return number;
}
