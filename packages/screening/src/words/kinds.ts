/**
 * The kinds of words that rules speak of, each with the letter that stands for it in a row of kinds (words.ts). A word has one
 * kind; rules name several where a word may be meant either way.
 */
export const kinds = {
  /** ignore, disregard, forget */
  ignore: 'I',
  /** the same where the verb comes last (Japanese, Korean, Turkish, Hindi) */
  ignoreLast: 'i',
  /** ignore in Chinese and Japanese */
  ignoreUnspaced: 'z',
  /** key, of what stands before it */
  key: '%',
  /** override, bypass: of instructions, or of a check */
  bypass: 'v',
  /** skip, disable, turn off */
  skip: 's',
  /** previous, prior, earlier */
  prior: 'P',
  /** above, beginning: where in the conversation */
  above: 'V',
  all: 'A',
  everything: 'a',
  /** instructions, directives, guidelines */
  instruction: 'N',
  /** rules, policies, training: also in harmless text */
  rule: 'n',
  systemPrompt: 'p',
  prompt: 'o',
  system: 'S',
  your: 'Y',
  you: 'u',
  the: 'd',
  me: 'm',
  show: 'R',
  /** tell, inform, notify */
  tell: 't',
  transfer: 'T',
  read: 'e',
  secret: 'K',
  /** secret, confidential: in stories too */
  hush: 'j',
  /** conversation, contacts, database */
  data: 'k',
  ai: 'L',
  /** assistant, agent, bot: people too */
  agent: 'l',
  user: 'U',
  not: 'D',
  without: 'w',
  stop: 'x',
  follow: 'F',
  must: 'M',
  pretend: 'J',
  unlimited: 'W',
  limit: 'b',
  safety: 'B',
  harm: 'X',
  approval: 'C',
  approved: 'G',
  silently: 'H',
  refuse: 'f',
  mode: 'Q',
  now: 'Z',
  new: '1',
  task: '3',
  superseded: 'O',
  told: 'r',
  notice: 'c',
  address: '@',
  how: 'h',
  and: '&',
  if: '?',
  before: 'E',
  message: '8',
  note: '7',
  tool: '6',
  answer: '9',
  character: '5',
  sure: '4',
  text: '2',
  decode: '0',
  what: 'q',
  /** what, in languages where a question for a secret has no word between the two */
  whatIs: '=',
} as const;

export type Kind = keyof typeof kinds;

/** A word that no list has. */
export const unknownKind = '.';
/** The end of a sentence. */
export const boundary = '|';
