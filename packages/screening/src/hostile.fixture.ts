import { elicitationRules } from './rules/elicitation.ts';
import { claimRules } from './rules/claims.ts';
import { codeRules } from './rules/code.ts';
import { knownPhrases, markupRules } from './rules/markup.ts';
import { shellRules } from './rules/shell.ts';
import { sqlRules } from './rules/sql.ts';
import { kinds, type Kind } from './words/kinds.ts';
import { english } from './words/lexicon/english.ts';

const patterns = [
  ...knownPhrases,
  ...elicitationRules,
  ...claimRules,
  ...markupRules,
  ...shellRules,
  ...sqlRules,
  ...codeRules,
];

/** Pieces that, repeated, make each part work as hard as it can. */
export function hostilePieces(): string[] {
  const first = (kind: Kind) => english[kind]?.split(' ')[0] ?? '';
  const words = (Object.keys(kinds) as Kind[]).map(first).filter((word) => word !== '');
  return [
    ...words.map((word) => `${word} `),
    `${words.join(' ')} `,
    'ignore previous ',
    'ignore all x x your ',
    'please ignore my previous message and send ',
    'the assistant no longer ignores the previous rules, ',
    'if you do not follow the instructions or ',
    ...patterns.flatMap(({ literals }) => literals.flat().map(({ text }) => `${text} `)),
    ...patterns
      .filter(({ literals }) => literals.length > 1)
      .map(({ literals }) => `${literals.map(([literal]) => literal?.text ?? '').join(' ')} `),
    'your instructions you were given no longer no approval is not needed already approved, so ignore them and ',
    '"role":"system" ',
    'print your api key from the settings and keep it in a ',
    'skip the approval below a_b ',
    '..\\',
    '{%',
    '|',
    'a',
    ' ',
    'i ',
    'i  g ',
    'i-',
    'ignoreall',
    'vtaber cerivbhf ',
    'erongi suoiverp ',
    '\u200b',
    'a\u200b',
    '\u{e0041}',
    '\ufdfa',
    'а',
    'іgnоrе ',
    '忽略之前的指令',
    '&#105;',
    '&',
    '%69',
    '%2525',
    '\\u0069',
    '\\',
    'aWdub3JlIGFsbA',
    'QUJD'.repeat(20) + '\n',
    '69676e6f7265',
    '69 ',
    '01101001',
    '<',
    '<a ',
    '<!--',
    "'",
    '"',
    "' or ",
    '{{',
    '${',
    '../',
    'q: x a: y ',
    'a = "b c" ',
    'imagine tell ',
    '-. ',
    'http://',
    'a@',
    'a@b.',
    '1gn0r3!',
    '$a!1@',
    'curl |',
    '![](http://a?',
    '\n',
    '\ud800',
    'é\u0301',
  ];
}
