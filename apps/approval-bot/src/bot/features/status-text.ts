import { switchLine } from '../../kill-switch/reply-texts.ts';
import type { PlaneStatus } from './read-status.ts';

type Parts = { [K in keyof PlaneStatus]: Extract<PlaneStatus[K], { ok: true }>['value'] };

/** The status as lines for a chat: what is wrong stands out, times are UTC. */
export function statusText({ switches, snapshots, running, queues }: PlaneStatus): string {
  return [
    ...(switches.ok ? stoppedLines(switches.value) : [`Kill switch: ${switches.problem}`]),
    ...(snapshots.ok ? snapshotLines(snapshots.value) : [`Self-tests: ${snapshots.problem}`]),
    ...(running.ok && running.value ? [runningLine(running.value)] : []),
    '',
    ...(queues.ok ? queueLines(queues.value) : [`Queues: ${queues.problem}`]),
  ].join('\n');
}

// As many as leave room for the rest; /resume has all of them.
const stoppedAtMost = 5;

function stoppedLines(switches: Parts['switches']): string[] {
  const more = switches.length - stoppedAtMost;
  return [
    ...switches.slice(0, stoppedAtMost).map(switchLine),
    ...(more > 0 ? [`🛑 and ${more} more: /resume`] : []),
    ...(switches.length > 0 ? [''] : []),
  ];
}

function snapshotLines([newest, ...before]: Parts['snapshots']): string[] {
  if (!newest) return ['No self-test has run yet.'];
  const { services } = newest;
  return [
    `Self-test ${newest.status} (${newest.trigger}, ${utc(newest.created_at)})`,
    `${newest.tests_passed} of ${newest.tests_total} tests passed`,
    `${newest.services_up} of ${newest.services_total} services up`,
    ...services.map(({ name, up, detail }) => (up ? `  up    ${name}` : `  DOWN  ${name}: ${detail}`)),
    ...before.map(({ status, trigger, created_at }) => `earlier: ${status} (${trigger}, ${utc(created_at)})`),
  ];
}

function runningLine({ trigger, step, started_at }: NonNullable<Parts['running']>): string {
  return `A self-test is running (${trigger}, since ${utc(started_at)}): ${step}`;
}

function queueLines(queues: Parts['queues']): string[] {
  const line = ({ queue, waiting, active, delayed, failed }: (typeof queues)[number]) =>
    `  ${queue}: ${waiting} waiting, ${active} active, ${delayed} delayed, ${failed} failed`;
  return ['Queues', ...queues.map(line)];
}

function utc(time: string): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
