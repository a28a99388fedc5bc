import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { ownPort } from '@actp/testing/own-port';
import { ensureBaseImages } from './base-images.ts';
import { openEngine, type Engine } from './engine.ts';
import { imageMegabytes } from './facts.ts';
import { baseImages, buildEarlier, buildImages } from './images.ts';
import { createReport } from './report.ts';
import { createStack, type Stack } from './stack.ts';
import { runTrial } from './trial.ts';

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: {
    kills: text,
    restarts: text,
    seed: text,
    before: text,
    json: text,
    engine: text,
    'no-build': { type: 'boolean' },
  },
});
const root = join(import.meta.dirname, '../../..');
const allowedImageMegabytes = 250;
const stopped = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => stopped.abort(new Error('stopped')));
}

const report = createReport();
const folder = await mkdtemp(join(tmpdir(), 'actp-compose-'));
const stacks: Stack[] = [];
let engine: Engine | undefined;

async function openStack(name: string): Promise<Stack> {
  if (engine === undefined) throw new Error('there is no engine yet');
  const stack = await createStack({
    engine,
    project: `actp-${name}-${process.pid}`,
    port: await ownPort(),
    folder: join(folder, name),
    signal: stopped.signal,
  });
  stacks.push(stack);
  return stack;
}

/** Images of an earlier run. */
async function builtBefore({ docker }: Engine): Promise<string | undefined> {
  const there = await docker(['image', 'ls', '--quiet', 'actp-worker:before']);
  return values['no-build'] === true && there.trim() !== '' ? 'before' : undefined;
}

// Times mean little where others work as well.
const load = () => loadavg()[0]?.toFixed(1) ?? '';

async function trial(): Promise<boolean> {
  engine = await openEngine(
    values.engine === undefined ? join(folder, 'engine') : resolve(values.engine),
    values.engine !== undefined,
    report.say,
  );
  report.add({ what: 'engine', found: engine.describe });
  report.add({ what: 'machine', found: `${cpus().length} cores, load ${load()} at the beginning` });
  const images = await baseImages();
  const standIns = await ensureBaseImages(engine, images, report.say);
  report.add({
    what: 'base images',
    found: standIns.length === 0 ? 'there' : `stand-ins for ${standIns.join(', ')}`,
  });
  if (values['no-build'] !== true) {
    report.say('Building the images');
    await buildImages(engine, root, 'trial');
  }
  for (const name of ['actp-worker', 'actp-worker-migrate']) {
    const size = await imageMegabytes(engine, `${name}:trial`, images.node);
    report.add({
      what: `size of ${name}`,
      found: `${size} MB beside Node.js`,
      ...(name === 'actp-worker' && { holds: size < allowedImageMegabytes }),
    });
  }
  stopped.signal.throwIfAborted();
  const earlier =
    values['no-build'] === true ? undefined : await buildEarlier(engine, folder, 'before', values.before);
  const before = earlier === undefined ? await builtBefore(engine) : 'before';
  report.add({
    what: 'images before',
    found: earlier ?? (before === undefined ? 'none' : 'those of the last run'),
  });
  await runTrial({
    engine,
    stack: await openStack('first'),
    openSecond: () => openStack('second'),
    report,
    kills: Number(values.kills ?? 50),
    restarts: Number(values.restarts ?? 5),
    seed: Number(values.seed ?? 1),
    before,
    now: 'trial',
    folder,
    signal: stopped.signal,
  });
  report.add({ what: 'load at the end', found: load() });
  const { passed, lines } = report.end();
  const json = JSON.stringify({ passed, lines }, null, 2);
  process.stdout.write(`${json}\n`);
  if (values.json !== undefined) await writeFile(values.json, `${json}\n`);
  return passed;
}

try {
  process.exitCode = (await trial()) ? 0 : 1;
} catch (error) {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = stopped.signal.aborted ? 130 : 1;
} finally {
  for (const stack of stacks)
    await stack.remove().catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
  await engine?.stop().catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
  await rm(folder, { recursive: true, force: true });
}
process.exit();
