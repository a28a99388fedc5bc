import { startPlane, type Plane } from '../plane.fixture.ts';
import type { Options } from './options.ts';
import { startOutsideServices } from './outside-services.ts';
import { createPerson } from './person.ts';
import { realChapters } from './steps/real-research.ts';
import { realServices } from './real-services.ts';
import type { Report } from './report.ts';
import { runChapters } from './run-chapters.ts';
import { accounts } from './steps/accounts.ts';
import { spending } from './steps/accounting.ts';
import { auditLog } from './steps/audit-log.ts';
import { emails, lostAnswers } from './steps/emails.ts';
import { purchases } from './steps/purchases.ts';
import { research } from './steps/research.ts';
import type { People } from './world.ts';

// One purchase of the flow is above the budget by itself, so that no other day's spending decides.
const limits = { MAX_SPEND_PER_TASK: '1000', DAILY_BUDGET: '900' };

/**
 * Starts all that it needs, runs every step, and leaves nothing behind.
 *
 * @returns whether every step holds
 * @throws what kept it from running
 */
export async function runFlow(options: Options, report: Report, signal: AbortSignal): Promise<boolean> {
  if (options.real) {
    const { settings, notes } = await realServices();
    for (const note of notes) report.say(note);
    return withPlane(settings, report, signal, (people) => runChapters(realChapters(people), report, signal));
  }
  const outside = await startOutsideServices(options.payments);
  try {
    report.say('Stand-ins on 127.0.0.1: Brave Search, Groq, Gemini, Resend, CoinGecko, Stripe, a web site');
    if (options.fault) {
      const { service, kind } = options.fault;
      outside[service].faults.add({ kind, times: 'always' });
      report.say(`${service} goes wrong at every request: ${kind}`);
    }
    return await withPlane({ ...outside.settings, ...limits }, report, signal, (people) => {
      const world = { ...people, outside };
      const chapters = [accounts, research, emails, lostAnswers, purchases, spending, auditLog];
      return runChapters(
        chapters.map((chapter) => chapter(world)),
        report,
        signal,
      );
    });
  } finally {
    await outside.stop();
  }
}

async function withPlane(
  settings: Record<string, string>,
  report: Report,
  signal: AbortSignal,
  use: (people: People) => Promise<boolean>,
): Promise<boolean> {
  const starting = startPlane({ SELFTEST_CONFIG: emptySelfTest, ...settings }, { signal });
  const plane = await report.progress('Starting a plane of its own', starting, ({ url }) => ` (${url})`);
  try {
    return await use(peopleOf(plane));
  } finally {
    await report.progress('Stopping', plane.clean(), () => '');
  }
}

function peopleOf({ url, operator }: Plane): People {
  const user = (name: string) => createPerson(url, `${name}@example.com`, `the password of ${name}`);
  return {
    ann: user('ann'),
    bob: user('bob'),
    operator: createPerson(url, operator.email, operator.password),
  };
}

// The self-test of a plane has nothing to do with tasks.
const emptySelfTest = 'e2e/src/task-flow/no-self-test.yaml';
