import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { freePort } from '@actp/embedded/free-port';
import { ensureBaseImages } from './base-images.ts';
import { openEngine, type Engine } from './engine.ts';
import { imageMegabytes } from './facts.ts';
import { baseImages, buildEarlier, buildImages } from './images.ts';
import { createReport } from './report.ts';
import { createStack, type Stack } from './stack.ts';
import { runTrial } from './trial.ts';

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: { kills: text, restarts: text, seed: text, before: text, json: text, engine: text },
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
    port: await freePort(),
    folder: join(folder, name),
  });
  stacks.push(stack);
  return stack;
}

async function trial(): Promise<boolean> {
  engine = await openEngine(
    values.engine === undefined ? join(folder, 'engine') : resolve(values.engine),
    report.say,
  );
  report.add({ what: 'engine', found: engine.describe });
  const images = await baseImages();
  const standIns = await ensureBaseImages(engine, images, report.say);
  report.add({
    what: 'base images',
    found: standIns.length === 0 ? 'there' : `stand-ins for ${standIns.join(', ')}`,
  });
  report.say('Building the images');
  await buildImages(engine, root, 'trial');
  for (const name of ['actp-worker', 'actp-worker-migrate']) {
    const size = await imageMegabytes(engine, `${name}:trial`, images.node);
    report.add({
      what: `size of ${name}`,
      found: `${size} MB beside Node.js`,
      ...(name === 'actp-worker' && { holds: size < allowedImageMegabytes }),
    });
  }
  stopped.signal.throwIfAborted();
  const earlier = await buildEarlier(engine, folder, 'before', values.before);
  report.say(
    earlier === undefined
      ? 'There is no earlier revision with a Dockerfile'
      : `The images before are those of ${earlier}`,
  );
  await runTrial({
    engine,
    stack: await openStack('first'),
    openSecond: () => openStack('second'),
    report,
    kills: Number(values.kills ?? 50),
    restarts: Number(values.restarts ?? 5),
    seed: Number(values.seed ?? 1),
    before: earlier === undefined ? undefined : 'before',
    now: 'trial',
    folder,
    signal: stopped.signal,
  });
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
