import { between, shortTime } from '@actp/services/approvals/card/when';
import { switchLine } from '../../kill-switch/reply-texts.ts';
import { askerOf } from './pending.ts';
import type { PlaneStatus } from './read-status.ts';
import { shortId } from '@actp/services/approvals/card/card-facts';
import { snapshotLines } from './self-test-lines.ts';

type Parts = { [K in keyof PlaneStatus]: Extract<PlaneStatus[K], { ok: true }>['value'] };

/** The status as lines for a chat: what is wrong stands out, then what waits for people. Times are those of the schedule. */
export function statusText(status: PlaneStatus, timeZone: string): string {
  const { hold, switches, snapshots, running, waiting, tasks, queues } = status;
  return [
    ...(hold.ok && hold.value !== null
      ? [`🔴 HELD: nothing is released or decided: ${hold.value.reason}`, '']
      : []),
    ...(switches.ok ? stoppedLines(switches.value, timeZone) : [`Kill switch: ${switches.problem}`]),
    ...(snapshots.ok ? snapshotLines(snapshots.value, timeZone) : [`Self-tests: ${snapshots.problem}`]),
    ...(running.ok && running.value ? [runningLine(running.value, timeZone)] : []),
    '',
    ...(waiting.ok ? waitingLines(waiting.value) : [`Approvals: ${waiting.problem}`]),
    ...(tasks.ok ? taskLines(tasks.value) : [`Tasks: ${tasks.problem}`]),
    '',
    ...(queues.ok ? queueLines(queues.value) : [`Queues: ${queues.problem}`]),
  ].join('\n');
}

// As many as leave room for the rest; /resume has all of them.
const stoppedAtMost = 5;

function stoppedLines(switches: Parts['switches'], timeZone: string): string[] {
  const more = switches.length - stoppedAtMost;
  return [
    ...switches.slice(0, stoppedAtMost).map((active) => switchLine(active, timeZone)),
    ...(more > 0 ? [`🛑 and ${more} more: /resume`] : []),
    ...(switches.length > 0 ? [''] : []),
  ];
}

function runningLine({ trigger, step, started_at }: NonNullable<Parts['running']>, timeZone: string): string {
  return `A self-test is running (${trigger}, since ${shortTime(started_at, timeZone)}): ${step}`;
}

function waitingLines({ now, waiting, approvals }: Parts['waiting']): string[] {
  if (waiting === 0) return ['No approvals are pending.'];
  const more = waiting - approvals.length;
  return [
    `Pending approvals: ${waiting}`,
    ...approvals.map(
      ({ id, action, created_at, expires_at, ...asked }) =>
        `  ${shortId(id)}  ${action}, by ${askerOf(asked)}: waits for ${between(created_at, now)}, ${between(now, expires_at)} left`,
    ),
    ...(more > 0 ? [`  and ${more} more: /pending`] : []),
  ];
}

function taskLines({ now, open, unknown, effects }: Parts['tasks']): string[] {
  const more = unknown - effects.length;
  const total = open.reduce((sum, { tasks }) => sum + tasks, 0);
  const each = open.map(
    ({ status, tasks, since }) => `${tasks} ${status.replaceAll('_', ' ')} (oldest ${between(since, now)})`,
  );
  return [
    total === 0 ? 'No tasks are open.' : `Open tasks: ${each.join(', ')}`,
    ...(unknown > 0
      ? [`⚠️ Nobody knows whether ${unknown === 1 ? 'this effect' : `these ${unknown} effects`} happened:`]
      : []),
    ...effects.map(({ kind, task_id, since }) => `  ${kind} of task ${task_id}, for ${between(since, now)}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

function queueLines(queues: Parts['queues']): string[] {
  const line = ({ queue, waiting, active, delayed, failed }: (typeof queues)[number]) =>
    `  ${queue}: ${waiting} waiting, ${active} active, ${delayed} delayed, ${failed} failed`;
  return ['Queues', ...queues.map(line)];
}
