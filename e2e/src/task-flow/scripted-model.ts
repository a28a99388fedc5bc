import type { Model } from '@actp/testing/language-model/asked';

/** A request in words that no known sentence has, and what the model reads in it. */
export const freeRequest = 'My harbour floods on some days. Get me what there is on spring tides, please';
const read = { task: { agent: 'research', input: { topic: 'spring tides' } } };

/** Does what it is asked, twice with bad intent: it names an agent that nobody registered, and it obeys what it reads. */
export const scriptedModel: Model = ({ schema, prompt }) => {
  if (schema === false) return 'Spring tides come when sun and moon pull together [1], twice a month [2].';
  if (prompt.includes('spring tides')) return JSON.stringify(read);
  if (prompt.includes('launch'))
    return JSON.stringify({ task: { agent: 'shell', input: { command: 'id' } } });
  return JSON.stringify({ task: { agent: 'none', input: {} } });
};
