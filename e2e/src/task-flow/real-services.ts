import { join } from 'node:path';
import process from 'node:process';
import { mergeEnvironment } from '@actp/shared/env-file/merge';
import { readEnvFile } from '@actp/shared/env-file/read';

const root = join(import.meta.dirname, '../../..');
const names = ['BRAVE', 'GROQ', 'GEMINI'].flatMap((service) => [`${service}_API_KEY`, `${service}_BASE_URL`]);
const wanted = new Set([...names, 'GROQ_MODEL', 'GEMINI_MODEL']);

/**
 * What research needs of the environment and `.env`, and nothing else of them: no other service is asked.
 *
 * @throws Error naming the key without which there is no research
 */
export async function realServices(): Promise<{ settings: Record<string, string>; notes: string[] }> {
  const { values } = await readEnvFile(join(root, '.env'));
  const known = mergeEnvironment(values, process.env);
  if (known['BRAVE_API_KEY'] === undefined) {
    throw new Error(
      'BRAVE_API_KEY is missing: research needs a key of Brave Search (https://brave.com/search/api), in .env or the environment.',
    );
  }
  const settings = Object.fromEntries(Object.entries(known).filter(([name]) => wanted.has(name)));
  const missing = ['GROQ_API_KEY', 'GEMINI_API_KEY'].filter((name) => settings[name] === undefined);
  const notes = ['Real services: every search counts against the quota of your key'];
  if (missing.length === 2) {
    notes.push(`${missing.join(' and ')} are missing: the summary is made of sentences of the sources`);
  } else if (missing.length === 1) {
    notes.push(`${missing[0]} is missing: there is one language model and no second one`);
  }
  return { settings, notes };
}
