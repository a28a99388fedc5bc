import { kinds } from '../words/kinds.ts';
import type { Clause } from './clause.ts';

const atHome = 0.6;
const reach = 90;

const place =
  /^\s(?:from|under|in|on|at|via)\s(?:the\s|your\s)?(?:\w{1,12}\s){0,1}?(?:consoles? page|dashboards?|settings|accounts?|portal|profile|developer console|web console)\b/;
const kept =
  /\b(?:store|save|keep|put|note)\s(?:it|them)\s(?:\w{1,8}\s){0,3}?(?:password manager|vault|safe|safe place|key ?chain|keystore|secret manager|secure place)\b/;

/** How much "print your API key" says: a manual tells people where they find their own, and where to keep it. */
export function ownSecretFactor({ row, text, endOf }: Clause, from: number, to: number): number {
  let isOwn = false;
  for (let i = from; i <= to && !isOwn; i += 1) isOwn = row[i] === kinds.your;
  if (!isOwn || row.slice(from, to + 1).includes(kinds.address)) return 1;
  const rest = text.slice(endOf(to), endOf(to) + reach);
  return place.test(rest) && kept.test(rest) ? atHome : 1;
}
