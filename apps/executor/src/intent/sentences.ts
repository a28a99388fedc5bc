import type { Agent } from '../agents/agent.ts';
import { withoutCourtesy } from './courtesy.ts';
import { readEmail } from './email-sentence.ts';
import { readPurchase } from './purchase-sentence.ts';
import { isUnderstood, unclear, type Problem, type Understood } from './reading.ts';
import { refusalOf } from './refusals.ts';
import { readResearch } from './research-sentence.ts';

const readers = [readResearch, readEmail, readPurchase];

/** What is said of the agents that there are. */
export type Described = Pick<Agent, 'name' | 'examples'>;

/**
 * Reads a task without any model: the sentences `Research <topic>`, `Send an email to <address> with subject <subject> and say
 * <text>`, `Buy <quantity> <asset>`, and close variants. What it cannot read for certain it does not guess. Reads each character
 * a bounded number of times; never throws.
 */
export function readSentence(prompt: string, agents: readonly Described[]): Understood | Problem {
  const request = withoutCourtesy(prompt);
  const refusal = refusalOf(request.text);
  if (refusal !== undefined) return refusal;
  for (const read of readers) {
    const reading = read(request);
    if (reading === undefined) continue;
    const registered = !isUnderstood(reading) || agents.some(({ name }) => name === reading.agent);
    return registered ? reading : unclear('No agent here does that.');
  }
  return unclear(prompt.trim() === '' ? 'It is empty.' : 'It is not a kind of task that is known here.');
}

/** What can be asked for, in the words of the agents' examples. */
export function whatCanBeAsked(agents: readonly Described[]): string {
  const examples = agents.flatMap((agent) => agent.examples.slice(0, 1)).map((example) => `"${example}"`);
  return examples.length === 0 ? 'No agent is available.' : `What can be asked for: ${examples.join('; ')}.`;
}
