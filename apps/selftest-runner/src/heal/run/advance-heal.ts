import { messageOf, UnavailableError } from '@actp/shared/errors';
import { phaseOf } from '@actp/shared/heals/state';
import { JobDeferred } from '@actp/shared/jobs/worker';
import { visibleText } from '@actp/shared/visible-text';
import { redact } from '@actp/redaction/redact';
import { isActive, isOther, isProvablyOurs, classifyRun, type KnownRun } from '../acd/classify-run.ts';
import { takeTree } from '../change/tree.ts';
import { shownPath } from '../change/shown-path.ts';
import type { HealDeps } from './heal-deps.ts';
import { withRunDir } from './with-run-dir.ts';
import { dirOf, end, finish, settle, type HealPass } from './end-heal.ts';
import { readBefore, removeHealDir } from './heal-record.ts';
import type { Heal, HealFacts } from '@actp/services/heals/heal-store';
import { prepareHeal, treeOptions } from './prepare-heal.ts';
import { settleProposed } from './settle-heal.ts';
import { verifyHeal } from './verify-heal.ts';

// How soon a heal that waits for another one looks again, at the latest.
const maxBusyMs = 5_000;
// What is known of a run whose start was not answered.
const unknownStart = { pid: null, startedAt: null, certain: false };
// Says nothing about the agent's work, so the breaker does not count it.
const uncounted = { uncounted: true } as const;
const looksPerTry = 5;
const looksForAgent = 3;
const longestTryMs = 60_000;

/**
 * Takes one heal a step further. What it needs to go on after a kill stands in the database before anything is done: the
 * agent is never started a second time.
 *
 * @throws JobDeferred when there is nothing to do but wait
 */
export async function advanceHeal(deps: HealDeps, pass: HealPass, heal: Heal): Promise<Heal> {
  try {
    switch (phaseOf(heal)) {
      case 'queued':
        return await claim(deps, pass, heal);
      case 'prepare':
        return await prepare(deps, pass, heal);
      case 'start':
        return await start(deps, pass, heal);
      case 'sent':
        // A call was sent and its answer is not known: a second one could start a second run. Its status will tell.
        return await recordStart(deps, pass, heal, unknownStart);
      case 'wait':
        return await wait(deps, pass, heal);
      case 'verify':
        return await verify(deps, pass, heal);
      case 'healed':
      case 'not_healed':
      case 'skipped':
        return heal;
    }
  } catch (error) {
    if (error instanceof JobDeferred || error instanceof UnavailableError || pass.signal.aborted) throw error;
    deps.log.error({ heal_id: heal.id, err: error }, 'heal failed with an error');
    return end(deps, pass, heal, `it failed with an error: ${redact(messageOf(error)).slice(0, 300)}`);
  }
}

async function claim(deps: HealDeps, { store, config }: HealPass, heal: Heal): Promise<Heal> {
  const { result, reason, heal: claimed } = await store.claim(heal.id, config.heal);
  if (result === 'claimed' && claimed) return claimed;
  if (result === 'busy') throw new JobDeferred(Math.min(maxBusyMs, deps.timings.pollMs));
  return store.finish(heal.id, { state: 'skipped', reason }, config.heal);
}

async function prepare(deps: HealDeps, pass: HealPass, heal: Heal): Promise<Heal> {
  const { store, config } = pass;
  const suite = config.suites.find(({ name }) => name === heal.suite);
  if (suite === undefined || !suite.heal || config.heal.mode === 'report') {
    return store.finish(
      heal.id,
      { state: 'skipped', reason: 'the configuration no longer allows it' },
      config.heal,
    );
  }
  const given = { suite, heal: config.heal, flaky: pass.flaky(suite.name), dir: dirOf(deps, heal) };
  const prepared = await withRunDir(deps, pass, heal, (run) => prepareHeal(deps, given, run));
  stopHere(pass);
  if (prepared.kind === 'nothing') {
    await removeHealDir(given.dir);
    return store.finish(heal.id, { state: 'skipped', reason: prepared.reason }, config.heal);
  }
  const { digest, tests, note } = prepared;
  const facts = { before_digest: digest, tests: tests.map((test) => redact(test)).slice(0, 100), note };
  return store.move(heal.id, 'start', facts, deps.timings.timeoutSeconds);
}

async function start(deps: HealDeps, pass: HealPass, heal: Heal): Promise<Heal> {
  const { store } = pass;
  const { pollMs } = deps.timings;
  const before = await readBefore(dirOf(deps, heal), heal.facts.before_digest);
  if (before === null) return end(deps, pass, heal, 'the record of the initial state is missing');
  if (heal.overdue)
    return end(deps, pass, heal, `the coding agent was not available: ${heal.facts.note ?? 'no answer'}`);
  const response = await statusBeforeStart(deps, pass);
  if (response.kind === 'unusable')
    return end(deps, pass, heal, `the coding agent was not available: ${response.reason}`, uncounted);
  if (response.kind === 'away') {
    await store.move(heal.id, 'start', { note: `the coding agent does not answer (${response.reason})` });
    throw new JobDeferred(pollMs);
  }
  if (isActive(response.status)) {
    await store.move(heal.id, 'start', { note: 'the coding agent is busy with another run' });
    throw new JobDeferred(pollMs);
  }
  const intent = await store.intend(heal.id, response.status);
  if (intent.result === 'blocked') return end(deps, pass, heal, 'a kill switch is on', uncounted);
  if (intent.result === 'known') return intent.heal;

  const answer = await deps.acd.start(before.prompt);
  deps.log.info({ heal_id: heal.id, answer: answer.kind }, 'coding agent called');
  switch (answer.kind) {
    case 'started': {
      const { pid, startedAt } = answer;
      await store.move(heal.id, 'start', { note: '' });
      return recordStart(deps, pass, heal, { pid, startedAt, certain: true });
    }
    case 'unknown':
      await store.move(heal.id, 'start', { note: `the response to the start was lost (${answer.reason})` });
      return recordStart(deps, pass, heal, unknownStart);
    case 'refused':
      return end(deps, pass, heal, `the coding agent cannot start: ${answer.reason}`, uncounted);
    case 'busy':
    case 'away': {
      await store.forget(heal.id);
      const why = answer.kind === 'busy' ? 'is busy with another run' : `does not answer (${answer.reason})`;
      await store.move(heal.id, 'start', { note: `the coding agent ${why}` });
      // Not at every look: each of these tries carries the whole prompt.
      throw new JobDeferred(Math.max(pollMs, Math.min(pollMs * looksPerTry, longestTryMs)));
    }
  }
}

/** A look, and where there is no coding agent two more: it may just be starting again. */
async function statusBeforeStart(
  { acd, timings }: HealDeps,
  pass: HealPass,
): Promise<Awaited<ReturnType<HealDeps['acd']['status']>>> {
  let response = await acd.status();
  for (let look = 1; look < looksForAgent && response.kind === 'unusable'; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(1_000, timings.pollMs)));
    stopHere(pass);
    response = await acd.status();
  }
  return response;
}

const recordStart = (
  { timings }: HealDeps,
  { store }: HealPass,
  heal: Heal,
  acd: { pid: number | null; startedAt: string | null; certain: boolean },
): Promise<Heal> => store.started(heal.id, acd, timings.timeoutSeconds);

async function wait(deps: HealDeps, pass: HealPass, heal: Heal): Promise<Heal> {
  const { store } = pass;
  const { pollMs, graceSeconds } = deps.timings;
  const known = knownRun(heal);
  const response = await deps.acd.status();
  if (await store.blocked()) return stopped(deps, pass, heal, known, 'a kill switch is on', uncounted);
  if (heal.overdue) {
    const minutes = Math.round(deps.timings.timeoutSeconds / 60);
    return stopped(deps, pass, heal, known, `the coding agent did not finish within ${minutes} minutes`);
  }
  if (response.kind !== 'status') throw new JobDeferred(pollMs);
  const secondsSinceSent = heal.seconds_since_sent ?? 0;
  const run = classifyRun(known, response.status, { secondsSinceSent, graceSeconds });
  if (run === 'ended') return store.move(heal.id, 'verify', {});
  if (run === 'working' && !known.seen && !isOther(known, response.status)) {
    await store.move(heal.id, 'wait', { acd: { ...heal.facts.acd, seen: true } });
  }
  throw new JobDeferred(pollMs);
}

function knownRun({ facts: { acd } }: Heal): KnownRun {
  return {
    before: acd?.before ?? null,
    pid: acd?.pid ?? null,
    startedAt: acd?.startedAt ?? null,
    certain: acd?.certain ?? false,
    seen: acd?.seen ?? false,
  };
}

/** Our own run is ended where it is certain that it is ours; nobody else's ever. */
async function stopped(
  deps: HealDeps,
  pass: HealPass,
  heal: Heal,
  known: KnownRun,
  why: string,
  facts: Partial<HealFacts> = {},
): Promise<Heal> {
  const response = await deps.acd.status();
  if (response.kind !== 'status')
    return end(deps, pass, heal, `${why}; it does not answer and may still be running`, facts);
  if (!isActive(response.status)) return end(deps, pass, heal, why, facts);
  if (!isProvablyOurs(known, response.status)) {
    return end(deps, pass, heal, `${why}; the current run may be somebody else's and was left alone`, facts);
  }
  await deps.acd.stop();
  for (let look = 0; look < 10 && !pass.signal.aborted; look += 1) {
    const now = await deps.acd.status();
    if (now.kind === 'status' && !isProvablyOurs(known, now.status))
      return end(deps, pass, heal, `${why}; the coding agent was told to stop and has stopped`, facts);
    await new Promise((resolve) => setTimeout(resolve, Math.min(1_000, deps.timings.pollMs)));
  }
  stopHere(pass);
  return end(deps, pass, heal, `${why}; it was told to stop and may still be running`, facts);
}

async function verify(deps: HealDeps, pass: HealPass, heal: Heal): Promise<Heal> {
  const dir = dirOf(deps, heal);
  const before = await readBefore(dir, heal.facts.before_digest);
  if (before === null) return end(deps, pass, heal, 'the record of the initial state is missing');
  // The verdict stood before we were killed: only what follows from it is left.
  const known = heal.facts.verdict;
  const files = heal.facts.changed_files ?? [];
  if (known?.healed === false) {
    return settle(deps, pass, heal, before, {
      ...known,
      files,
      after: await takeTree({ ...treeOptions(deps, before.suite, before.checkout), known: before.tree }),
    });
  }
  if (known?.healed === true && heal.facts.branch !== undefined) {
    if (!(await pass.lease.held())) throw new JobDeferred(deps.timings.pollMs);
    return finish(deps, pass, heal, await settleProposed(deps, before, dir, known.reason, heal.facts));
  }
  const ours = known?.healed === true ? `refs/heads/heal/${heal.run_id}` : null;
  const verdict = await withRunDir(deps, pass, heal, (run) => verifyHeal(deps, before, dir, run, ours));
  stopHere(pass);
  if (verdict.healed && (await pass.store.blocked()))
    return end(deps, pass, heal, 'a kill switch is on', uncounted);
  const { healed, reason } = verdict;
  await pass.store.move(heal.id, 'verify', {
    verdict: { healed, reason: visibleText(redact(reason)).slice(0, 1_000) },
    changed_files: verdict.files.slice(0, 100).map(shownPath),
  });
  return settle(deps, pass, heal, before, verdict);
}

function stopHere({ signal }: HealPass): void {
  if (signal.aborted) throw new JobDeferred(1_000);
}
