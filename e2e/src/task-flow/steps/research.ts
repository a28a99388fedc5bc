import { z } from 'zod';
import { check, checkEqual } from '../check.ts';
import { freeRequest } from '../scripted-model.ts';
import type { Chapter } from '../step.ts';
import { ask, ended } from '../tasks.ts';
import type { World } from '../world.ts';

export const ResearchResult = z.object({
  summary: z.string(),
  method: z.enum(['model', 'extract']),
  note: z.string().optional(),
  sources: z.array(
    z.object({ n: z.int(), url: z.string(), fetched: z.boolean(), problem: z.string().optional() }),
  ),
});

export const research = ({ ann, outside }: World): Chapter => ({
  title: 'Research',
  steps: [
    {
      name: 'a known sentence',
      async run() {
        const { brave, site } = outside;
        brave.setHits([hit('http://169.254.169.254/latest/meta-data'), hit(`${site.url}/calendar`)]);
        const task = await ended(ann, await ask(ann, 'Research how tides are predicted'), 'succeeded');
        checkEqual(task.agent, 'research', 'the agent');
        checkEqual(brave.queries(), ['how tides are predicted'], 'what was searched for');
        const { summary, method, sources } = ResearchResult.parse(task.result);
        checkEqual(
          sources.map(({ n }) => n),
          [1, 2],
          'the numbers of the sources',
        );
        check(summary.includes('[1]'), 'the summary has to cite its sources', summary);
        return `succeeded for ${task.cost_usd} USD, summed up by ${method}, ${sources.length} sources: ${summary}`;
      },
    },
    {
      // What research reads are public addresses alone, so no page of a stand-in can be read in this flow.
      name: 'pages that cannot be fetched',
      async run() {
        const task = await ended(ann, await ask(ann, 'Research the moon'), 'succeeded');
        const { sources } = ResearchResult.parse(task.result);
        checkEqual(
          sources.map(({ fetched }) => fetched),
          [false, false],
          'whether pages were read',
        );
        check(
          sources.every(({ problem }) => problem !== undefined),
          'each source has to be named with its problem',
          sources,
        );
        checkEqual(outside.site.log.requests.length, 0, 'how often a private address was asked');
        return `named, and their snippets used: ${sources.map(({ url, problem }) => `${url} (${problem})`).join(', ')}`;
      },
    },
    {
      name: 'words of one’s own',
      async run() {
        const task = await ended(ann, await ask(ann, freeRequest), 'succeeded');
        checkEqual(outside.brave.queries().at(-1), 'spring tides', 'what was searched for');
        const by = task.steps.find(({ name }) => name === 'planned')?.facts['by'];
        return `understood by ${String(by)}: research about spring tides`;
      },
    },
    {
      name: 'what nobody can do',
      async run() {
        const asked = outside.brave.log.requests.length;
        const task = await ended(
          ann,
          await ask(ann, 'Prepare the launch of our rocket'),
          'failed',
          'not_understood',
        );
        checkEqual(outside.brave.log.requests.length, asked, 'the number of searches');
        return `the model names an agent that does not exist; the answer: ${task.error}`;
      },
    },
    {
      name: 'one key, one task',
      async run() {
        const first = await ask(ann, 'Research ebb and flood', { key: 'ebb-1' });
        checkEqual(await ask(ann, 'Research ebb and flood', { key: 'ebb-1' }), first, 'the second task');
        await ended(ann, first, 'succeeded');
        const { log } = outside.brave;
        const searches = log.effects.filter(({ meaning }) => meaning === 'ebb and flood').length;
        checkEqual(searches, 1, 'the number of searches');
        return 'the same Idempotency-Key twice is one task';
      },
    },
  ],
});

const hit = (url: string) => ({
  title: 'Tides',
  url,
  description:
    'Tides are predicted from the places of the moon and the sun, and from what a harbour has seen.',
});
