import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { createAcdServer } from './server.ts';

const usage = `ACD stand-in, for trying self-heal by hand.

  node packages/testing/src/acd/main.ts --work 'sed -i s/a-b/a+b/ /path/to/calc.py' [--port 3434] [--seconds 5] [--token T]

--work     what the coding agent does: a shell command; the prompt comes on its standard input
--seconds  how long it takes at least`;

/** The coding agent as a shell command. */
function shellWork(command: string, seconds: number) {
  return async (prompt: string, signal: AbortSignal) => {
    process.stdout.write(`--- prompt of ${Buffer.byteLength(prompt)} bytes\n${prompt}---\n`);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
    const child = spawn('/bin/sh', ['-c', command], { stdio: ['pipe', 'inherit', 'inherit'], signal });
    child.stdin.on('error', () => undefined);
    child.stdin.end(prompt);
    const [code] = (await once(child, 'exit')) as [number | null];
    process.stdout.write(`--- work ended with ${code}\n`);
    return code === 0 ? ('completed' as const) : ('failed' as const);
  };
}

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: {
      work: { type: 'string', default: 'true' },
      port: { type: 'string', default: '3434' },
      seconds: { type: 'string', default: '1' },
      token: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(`${usage}\n`);
  const acd = await createAcdServer({
    port: Number(values.port),
    work: shellWork(values.work, Number(values.seconds)),
    staleMs: 500,
    ...(values.token === undefined ? {} : { token: values.token }),
  });
  process.stdout.write(`ACD stand-in on ${acd.url}; Ctrl-C stops it.\n`);
  const stop = () => void acd.stop().then(() => process.exit(0));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

run().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
