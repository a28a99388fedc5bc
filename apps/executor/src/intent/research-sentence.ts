import { withoutEnding, type Request } from './courtesy.ts';
import { hasSecondTask, twoTasks } from './refusals.ts';
import { unquoted } from './quotes.ts';
import { unclear, type Reading } from './reading.ts';

const verb = new RegExp(
  `^(?:${[
    'research(?: on| about| into)?',
    'do(?: some)? research(?: on| about| into)?',
    'investigate',
    '(?:i need|i want)(?: some)? (?:research|information)(?: on| about)',
    '(?:gather|collect)(?: some)? information(?: on| about)',
    'summari[sz]e what is known about',
    'what (?:is|are) the latest(?: news)?(?: on| about)',
    'find out(?: more)?(?: about)?',
    'find(?: me)?(?: some)? information(?: on| about)?',
    'look up',
    'look into',
    'look for information(?: on| about)',
    'search(?: the web| the internet| online)?(?: for)?',
    'google',
    'what is known about',
    "what's known about",
    'what do (?:we|you) know about',
    'what can you find(?: out)?(?: about| on)',
    'tell me(?: more| something)? about',
    'give me(?: some)? information(?: on| about)',
    'learn(?: more)? about',
  ].join('|')})(?![\\w'’/@-]|\\.\\w)[ \\t:,]{0,8}`,
  'i',
);

/** "Research <topic>" and what means the same. It has no effect outside. */
export function readResearch({ text }: Request): Reading {
  const found = verb.exec(text);
  if (found === null) return undefined;
  const topic = unquoted(withoutEnding(text.slice(found[0].length).trim()));
  if (topic.trim() === '') return unclear('The topic of the research is missing.');
  if (hasSecondTask(topic)) return twoTasks;
  return { agent: 'research', input: { topic } };
}
