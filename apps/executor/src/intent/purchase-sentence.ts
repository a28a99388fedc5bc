import { withoutEnding, type Request } from './courtesy.ts';
import { howToWrite, isZero, readQuantity } from './quantity.ts';
import { readQuoted } from './quotes.ts';
import { refused, unclear, type Problem, type Reading } from './reading.ts';
import { twoTasks } from './refusals.ts';

// A comma that does not follow the verb at once may be that of ",5".
const verb = /^(?:buy|purchase|order|acquire)(?: me| us)?(?![\w'’/@-]|\.\w)(?:,(?=\s))?[\s:]{0,8}/i;
const lastWords = /[\s,]{1,4}(?:please|now|right now|for me|thanks|thank you|of)$/i;
const money =
  /^(?:[$€£¥]|(?:usd|eur|gbp|us\$)(?![\w-]))|^[\d.,]{1,40} {0,2}(?:[$€£¥]|(?:usd|eur|gbp|dollars?|euros?|pounds?|cents?|bucks)(?![\w-]))/i;
const joined = /^([\d.,]{1,40})([a-z]{3,20})$/i;
const unit = /^(?:(?:units?|coins?|tokens?|pieces?|shares?) (?:of )?|of )(?:the |an? )?(?=\S)/i;

// An asset has a short name or an id; a longer one is a sentence that goes on.
const mostWords = 3;
const assetWord = /^[a-z0-9](?:[a-z0-9.$_-]{0,62}[a-z0-9])?$/i;
const connecting = new Set(['and', 'plus', 'then', 'or', 'also', 'but']);
// What a number may count in place of the asset, and what may stand behind an asset without being a part of its name.
const besideNames = new Set(
  `x k m b mm bn mio mn lakh crore pair pairs gross double triple tenth tenths third thirds fifth fifths halves couple few bunch lot bit
  fraction little milli micro mbtc gwei wei sat sats satoshi satoshis cent cents usd eur gbp chf jpy dollar dollars euro euros pound pounds
  bucks quid yen rupees only just immediately asap instantly quickly again cheap cheaper max maximum min minimum exactly approximately roughly
  total each apiece wait stop cancel actually nevermind kidding haha lol joke sell short noon midnight morning evening afternoon night
  monday tuesday wednesday thursday friday saturday sunday hour hours day days week month year hundredths thousandths millionths yourself ever right away straightaway forthwith anonymously legally market please thanks here there always
  fewer if extra else yes ok okay`.split(/\s+/),
);
// With one of these the sentence says more than what and how much, and is not done in part.
const notInNames = new Set(
  `not no never if unless when once until till before after at for from to with by on in of as than under over above below about
  around every each daily weekly monthly today tomorrow yesterday tonight later soon maybe perhaps worth instead without using via into ignore ignoring limit limits budget
  hundred thousand million billion trillion dozen dozens half quarter percent percents some all more less most least`.split(
    /\s+/,
  ),
);

/** "Buy <quantity> <asset>" and what means the same, exactly: nothing else may be in the sentence. */
export function readPurchase({ text, politeQuestion }: Request): Reading {
  const found = verb.exec(text);
  if (found === null) return undefined;
  if (/\?\s{0,8}$/.test(text.slice(-9)) && !politeQuestion) {
    return refused('It is a question, not a task. Write what is to be bought, without the question mark.');
  }
  const wanted = withoutLastWords(withoutEnding(text.slice(found[0].length)));
  if (wanted === '') return unclear('What is to be bought is missing, and how much of it.');
  if (money.test(wanted)) {
    return unclear('It says how much money to spend. Write the quantity that is to be bought.');
  }
  const { first, rest } = parted(wanted);
  if (first.startsWith('-')) return refused('The quantity is below zero.');
  const quantity = readQuantity(first);
  if (quantity === undefined) {
    if (!/\d/.test(first)) return unclear('The quantity is missing: how much is to be bought.');
    const write = howToWrite(first) ?? 'it such as 2 or 1000.50';
    return unclear(`The quantity can be read in more than one way, or not at all. Write ${write}.`);
  }
  if (isZero(quantity)) return refused('The quantity is zero.');
  const asset = readAsset(rest.replace(unit, ''));
  return typeof asset === 'string' ? { agent: 'purchase', input: { quantity, asset } } : asset;
}

/** Its first word and the rest; "0.5BTC" is two words. */
function parted(wanted: string): { first: string; rest: string } {
  const at = wanted.search(/\s/);
  if (at > 0) return { first: wanted.slice(0, at), rest: wanted.slice(at).trim() };
  const [, digits, letters] = joined.exec(wanted) ?? [];
  return { first: digits ?? wanted, rest: letters ?? '' };
}

function readAsset(text: string): string | Problem {
  const quoted = readQuoted(text);
  const isQuoted = quoted !== undefined && quoted.rest.trim() === '';
  const name = isQuoted ? quoted.quoted.trim() : text;
  const words = name.split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) return unclear('What is to be bought is missing.');
  if (words.some((word) => connecting.has(word.toLowerCase().replace(/,$/, '')))) return twoTasks;
  const fits =
    words.every((word) => assetWord.test(word) && !notInNames.has(word.toLowerCase())) &&
    (isQuoted || !saysMore(words));
  // What stands there may change the meaning (a condition, a time, a price), so nobody is asked to overlook it.
  if (!fits || words.length > mostWords) {
    return refused(
      'The sentence goes on after what is to be bought. Write the quantity and the asset, nothing else; the name in quotation marks if all of that is the name.',
    );
  }
  return words.join(' ');
}

/** Whether a word is none of a name: a second number, or beside others a unit, a time, a limit. In quotation marks it is one. */
const saysMore = (words: readonly string[]): boolean =>
  words.some((word) => /^[\d.]+$/.test(word) || (words.length > 1 && besideNames.has(word.toLowerCase())));

function withoutLastWords(text: string): string {
  let rest = text.trim();
  for (let times = 0; times < 3; times += 1) {
    const tail = rest.slice(-24);
    const found = lastWords.exec(tail);
    if (found === null) break;
    rest = withoutEnding(rest.slice(0, rest.length - found[0].length));
  }
  return rest;
}
