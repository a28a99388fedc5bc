import process from 'node:process';
import { OptionError, readOptions } from './options.ts';
import { createReport } from './report.ts';
import { runFlow } from './run-flow.ts';

const stopped = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => stopped.abort(new Error('stopped')));
}
const report = createReport();
try {
  const passed = await runFlow(readOptions(process.argv.slice(2)), report, stopped.signal);
  process.exitCode = passed ? 0 : 1;
} catch (error) {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = stopped.signal.aborted ? 130 : error instanceof OptionError ? 2 : 1;
}
