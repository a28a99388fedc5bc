import { check } from '../check.ts';
import type { Chapter } from '../step.ts';
import { ask, ended } from '../tasks.ts';
import type { People } from '../world.ts';
import { accounts } from './accounts.ts';
import { spending } from './accounting.ts';
import { auditLog } from './audit-log.ts';
import { ResearchResult } from './research.ts';

/** Research with the real services; what pages say is not judged. */
export const realChapters = (people: People): Chapter[] => [
  accounts(people),
  {
    title: 'Research with real services',
    steps: [
      {
        name: 'a known sentence',
        async run() {
          const id = await ask(people.ann, 'Research how tides are predicted');
          const task = await ended(people.ann, id, 'succeeded');
          const { summary, method, note, sources } = ResearchResult.parse(task.result);
          check(sources.length > 0, 'there have to be sources');
          const lines = sources.map(({ n, url, problem }) => `[${n}] ${url} ${problem ?? 'read'}`);
          return [`${task.cost_usd} USD, by ${method}. ${note ?? ''}`, summary, ...lines].join('\n');
        },
      },
    ],
  },
  spending(people),
  auditLog(people),
];
