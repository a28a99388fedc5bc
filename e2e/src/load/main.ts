import { writeFile } from 'node:fs/promises';
import process from 'node:process';
import { OptionError, readOptions } from './options.ts';
import { startOwnPlane } from './own-plane.ts';
import { machine, passed, reportLines } from './report.ts';
import { runLoad } from './run-load.ts';
import { targetPlane } from './target-plane.ts';

const stopped = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => stopped.abort(new Error('stopped')));
}
const say = (line: string) => process.stdout.write(`${line}\n`);
try {
  const { rate, seconds, target, json } = readOptions(process.argv.slice(2));
  if (target === undefined) say('starting a plane of its own ...');
  const { signal } = stopped;
  const plane = target === undefined ? await startOwnPlane(signal) : targetPlane(target, process.env);
  try {
    const result = await runLoad({ plane, rate, seconds, signal, say });
    for (const line of ['', ...reportLines(result)]) say(line);
    if (json !== undefined) {
      await writeFile(json, `${JSON.stringify({ machine: machine(), ...result }, undefined, 2)}\n`);
    }
    process.exitCode = passed(result) ? 0 : 1;
  } finally {
    await plane.stop();
  }
} catch (error) {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = stopped.signal.aborted ? 130 : error instanceof OptionError ? 2 : 1;
}
