import type { DatabaseAnswer, DatabaseFacts } from './facts.ts';
import { off, type Check, type Finding } from './finding.ts';

/**
 * A check of what only the database knows. While it does not answer, which the check of the database itself says, there is nothing
 * to be found here.
 */
export const fromDatabase = (
  name: string,
  facts: () => Promise<DatabaseAnswer>,
  look: (facts: DatabaseFacts) => Promise<Finding | readonly Finding[]> | Finding | readonly Finding[],
): Check => ({
  name,
  async look() {
    const answer = await facts().catch(() => undefined);
    return answer === undefined
      ? off(name, 'not known while the database does not answer')
      : look(answer.facts);
  },
});
