import { describe, expect, it } from 'vitest';
import { createLogger, type Logger } from './log.ts';

/** A logger, what it wrote, and the end of the time within which lines count as repeated. */
function open() {
  const lines: Array<Record<string, unknown>> = [];
  const due: Array<() => void> = [];
  const log = createLogger({
    app: 'test',
    level: 'trace',
    destination: { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
    repeats: { later: (work) => void due.push(work) },
  });
  return { log, lines, endTime: () => due.splice(0).forEach((work) => work()) };
}

const times = (count: number, work: (index: number) => void) => {
  for (let index = 0; index < count; index += 1) work(index);
};
const away = () => Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:6379'), { code: 'ECONNREFUSED' });

describe('a line that repeats', () => {
  it.each<[what: string, write: (log: Logger) => void, msg: string]>([
    ['an error with a message', (log) => log.warn({ err: away() }, 'worker error'), 'worker error'],
    ['an error alone', (log) => log.error(away()), 'connect ECONNREFUSED 127.0.0.1:6379'],
    ['a message alone', (log) => log.warn('worker has lost redis'), 'worker has lost redis'],
    ['of a child', (log) => log.child({ queue: 'audit' }).error({ err: away() }, 'failed'), 'failed'],
    [
      'with another time',
      (log) => log.warn({ err: away(), ms: Math.random(), attempt: Math.random() }, 'late'),
      'late',
    ],
  ])('is written a few times, then counted and summed up: %s', (_what, write, msg) => {
    const { log, lines, endTime } = open();
    times(10_000, () => write(log));
    expect(lines).toHaveLength(5);
    endTime();
    expect(lines).toHaveLength(6);
    expect(lines.at(-1)).toMatchObject({ msg, repeated: 9_995, within_ms: 10_000 });
    expect(lines.at(-1)?.['err']).toEqual(lines[0]?.['err']);
    expect(lines.at(-1)?.['queue']).toEqual(lines[0]?.['queue']);

    write(log);
    expect(lines).toHaveLength(7);
    expect(lines.at(-1)).not.toHaveProperty('repeated');
  });

  it('is not the same with another message, error, fact, level or child', () => {
    const { log, lines } = open();
    times(10, (index) => log.warn({ err: away() }, `message ${index}`));
    times(10, (index) => log.warn({ err: new Error(`error ${index}`) }, 'm'));
    times(10, (index) => log.warn({ request_id: index, err: away() }, 'm'));
    times(10, (index) => log.child({ job_id: index }).error({ err: away() }, 'job failed'));
    times(5, () => log.warn('m'));
    times(5, () => log.error('m'));
    expect(lines).toHaveLength(50);
  });

  it('is written each time when it is fatal, or an event', () => {
    const { log, lines } = open();
    times(20, () => log.fatal({ err: away() }, 'unhandled error'));
    times(20, () => log.info({ outcome: 'completed' }, 'job'));
    expect(lines).toHaveLength(40);
  });

  it('is written each time when it cannot be compared, and no summary comes without need', () => {
    const { log, lines, endTime } = open();
    const cycle: Record<string, unknown> = { n: 1n };
    cycle['self'] = cycle;
    times(20, () => log.warn({ cycle }, 'm'));
    times(5, () => log.warn('few'));
    endTime();
    expect(lines).toHaveLength(25);
  });

  it('[SEC-020] has no secret in its summary', () => {
    const { log, lines, endTime } = open();
    const url = ['redis://worker', 'hunter2hunter2@127.0.0.1:6379'].join(':');
    times(9, () => log.warn({ err: new Error(`cannot reach ${url}`) }, `no ${url}`));
    endTime();
    expect(lines.at(-1)).toMatchObject({ repeated: 4 });
    expect(JSON.stringify(lines)).not.toContain('hunter2');
  });
});
