import type { ScreeningFinding, Source } from '../finding.ts';
import { spanOf, type View } from '../text/view.ts';

const turnMark =
  /(?:^|[\s"'>])(q|question|user|human|customer|input|prompt|request|a|answer|assistant|ai|bot|output|response|reply)\s?\d{0,2}:(?=\s|$)/g;
const asks: ReadonlySet<string> = new Set('q question user human customer input prompt request'.split(' '));
// After the last question nothing else may follow: a page of questions and answers ends with an answer.
const longestQuestion = 400;

// A text with more is a program.
const longestSplit = 2_000;
const piece =
  /\b(?:part |half |piece )?\w{1,12}(?: half)?\s{0,2}(?:=|:=|:|\bis\b)\s{0,2}["“'][^"”\n]{1,200}?["”']/g;
const fewestPieces = 2;
const joins =
  /\b(?:combine|concatenat\w{1,4}|join|assemble|merge|put (?:them|these) together|(?:following|these|three|two) (?:parts|pieces|halves|strings|variables))\b|(?<![\w+])[a-z]\w{0,3} ?\+ ?[a-z]\w{0,3}(?![\w+(])/;
const orders =
  /\b(?:answer|respond|reply|act on|act upon|follow|obey|execute|write down|tell me|do (?:it|what)|now do|print your|give me)\b/;
const sentence = /["“'][^"”\n]{0,200}\w \w[^"”\n]{0,200}["”']/;

/** What the shape of a user's text does: a dialogue that the reader is to continue, or a request that it is to put together. */
export function stagingFindings(view: View, source: Source): ScreeningFinding[] {
  if (source !== 'user') return [];
  const found: ScreeningFinding[] = [];
  const note = (rule: string, family: ScreeningFinding['family'], reason: string, from: number, to: number) =>
    found.push({ family, rule, reason, ...spanOf(view, from, Math.max(to, from + 1)), weight: 0.5 });
  const { text } = view;
  const dialogue = openDialogue(text);
  if (dialogue !== undefined) {
    const reason = 'shows the assistant a made-up dialogue that it is to continue';
    note('jailbreak.open_dialogue', 'jailbreak', reason, dialogue, text.length);
  }
  if (isSplit(text)) {
    const reason = 'divides a request into pieces that are to be joined and obeyed';
    note('hidden_instruction.pieces', 'hidden_instruction', reason, 0, text.length);
  }
  return found;
}

/** Where a dialogue begins that has a question, its answer, and a last question that nobody has answered. */
function openDialogue(text: string): number | undefined {
  let first: number | undefined;
  let answered = false;
  let open = false;
  let end = 0;
  for (const { 0: mark, 1: who = '', index } of text.matchAll(turnMark)) {
    const isAsk = asks.has(who);
    if (isAsk) {
      first ??= index;
      open = true;
    } else if (first !== undefined) {
      // An answer that is left empty leaves its question open.
      const rest = text.slice(index + mark.length, index + mark.length + longestQuestion).trim();
      if (rest !== '') {
        answered = true;
        open = false;
      }
    }
    end = index + mark.length;
  }
  return answered && open && text.length - end <= longestQuestion ? first : undefined;
}

function isSplit(text: string): boolean {
  if (text.length > longestSplit || !joins.test(text) || !orders.test(text)) return false;
  const pieces = text.match(piece) ?? [];
  return pieces.length >= fewestPieces && sentence.test(pieces.join('\n'));
}
