import process from 'node:process';
import { parseArgs } from 'node:util';

/** Runs a stand-in as a program of its own: `--port N`, a line with its address, and `SIGTERM` or `SIGINT` to end it. */
export function runStandIn(
  name: string,
  start: (options: { port: number }) => Promise<{ url: string; stop(): Promise<void> }>,
): void {
  const run = async () => {
    const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } });
    const server = await start({ port: Number(values.port) });
    process.stdout.write(`${name} stand-in on ${server.url}\n`);
    const stop = () => void server.stop().then(() => process.exit(0));
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
  };
  run().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
