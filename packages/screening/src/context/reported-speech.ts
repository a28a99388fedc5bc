import { boundary, kinds } from '../words/kinds.ts';
import { kindSet, wordSet, type Clause } from './clause.ts';

const reach = 8;
const reporters = wordSet(
  'tells told asks asked instructs instructed tricks trick tricked try tries tried trying attempt attempts attempted make makes made making persuades persuaded convinces convinced gets get got getting causes caused leads led let lets forces forced allows allowed aims fails failed seems may might could ordered orders want wants expect expects urge urges requires',
);
const isToReader = kindSet('your', 'you');

/** Words for those who speak, or for no one. */
export const speakers = wordSet('we i nobody they');

/** Does "you" stand among the last `far` words? */
export function speaksToReader({ row }: Clause, at: number, far: number): boolean {
  for (let i = at; i >= 0 && i > at - far && row[i] !== boundary; i -= 1) {
    if (row[i] === kinds.you || row[i] === kinds.your) return true;
  }
  return false;
}

/** "Do you want to delete it?" */
export const isOffered = ({ word }: Clause, verb: number): boolean =>
  word(verb - 1) === 'to' && word(verb - 2) === 'want' && word(verb - 3) === 'you' && word(verb - 4) === 'do';

const commitTypes = wordSet('fix feat chore docs refactor perf test build ci style revert');

/** "feat: allow users to override": what a change does, in the form of an order. */
export function isCommit({ row, word, text, endOf }: Clause, verb: number): boolean {
  for (let i = verb - 1; i >= 0 && i > verb - 6 && row[i] !== boundary; i -= 1) {
    if (!commitTypes.has(word(i))) continue;
    if (isToReader(row, verb + 1) || isToReader(row, verb + 2)) return false;
    return /^(?:\([\w./-]{1,30}\))?!?:/.test(text.slice(endOf(i), endOf(i) + 36));
  }
  return false;
}

/** "Why does the filter ignore", "did the model forget". */
export function isAsked({ row, word, isJoined }: Clause, verb: number): boolean {
  for (let i = verb - 2; i >= 0 && i > verb - 5 && row[i] !== boundary && isJoined(i + 1); i -= 1) {
    if (row[i] === kinds.you || row[i + 1] === kinds.not) return false;
    if (word(i) === 'does' || word(i) === 'did' || (word(i) === 'do' && row[i - 1] === kinds.how))
      return true;
  }
  return false;
}

/** Somebody tells somebody else to do it; "tell the assistant to ignore" would be an order again. */
export function isTold(clause: Clause, verb: number): boolean {
  const { row, word, isJoined } = clause;
  for (let i = verb - 1; i >= 0 && i > verb - reach && row[i] !== boundary; i -= 1) {
    if (!isJoined(i + 1)) return false;
    if (!reporters.has(word(i))) {
      if (row[i] === kinds.must) return false;
      continue;
    }
    if (speakers.has(word(i - 1)) || speaksToReader(clause, verb - 1, verb - i + 4)) return false;
    return !clause.mayBeginOrder(i) || /(?:s|ed)$/.test(word(i));
  }
  return false;
}
