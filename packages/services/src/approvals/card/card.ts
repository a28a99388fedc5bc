import { maxMessageLength } from './message-length.ts';
import { askerRows } from './asker-rows.ts';
import { shortId, type CardFacts } from './card-facts.ts';
import { noWarnings, type CardWarnings } from './card-warnings.ts';
import { detailRows } from './detail-rows.ts';
import { inReadingOrder } from './reading-order.ts';
import { parseExactly } from '@actp/shared/exact-json';
import { joinPlain, joinRows, lengthOf, packRows, row, type Row } from './row.ts';
import { shownMasked } from './shown.ts';
import { stateRows } from './state-rows.ts';
import { barredRows, quoted } from './string-rows.ts';
import { between, timeText } from './when.ts';

/** What is sent to ask a person, as HTML. */
export interface Card {
  /** Messages that come first, when one does not hold everything. */
  parts: string[];
  /** The message with the buttons. */
  text: string;
  /** Whether Approve may be offered: everything is shown. */
  approvable: boolean;
}

// More messages than a person reads, and half of what a group may get in a minute.
const maxParts = 10;
// Kept free in a message that holds everything, for what became of it.
const roomForState = 600;
const digestLength = 12;

/**
 * The card of an approval, made by us from what is stored. Nothing is left out silently: what does not fit into the
 * message with the buttons comes in messages before it, and what does not fit into those either is not offered for approval;
 * nor is what holds something hidden that is not random beyond doubt.
 */
export function renderCard(facts: CardFacts): Card {
  const warnings = noWarnings();
  const head = headRows(facts, warnings);
  const payload = payloadRows(facts, warnings);
  const foot = footRows(facts, warnings);
  const approvable = warnings.withheld === 0;
  const refusal = approvable ? [] : notApprovableRows(facts, 'Not all of it can be shown here');
  const whole = [...head, ...payload.rows, ...foot, ...refusal];
  if (payload.complete && lengthOf(whole) <= maxMessageLength - roomForState) {
    return { parts: [], text: joinRows(whole), approvable };
  }
  const title = (part: number, of: number) =>
    row({ bold: `📄 ${shortId(facts.approval.id)}, part ${part} of ${of}` });
  const pieces = packRows(payload.rows, maxMessageLength - title(maxParts, maxParts).length - 1);
  if (!payload.complete || pieces.length > maxParts) {
    const tooLarge = notApprovableRows(facts, 'Too large to show here');
    return { parts: [], text: joinRows([...head, ...tooLarge, ...foot]), approvable: false };
  }
  const where = row({
    bold: `Details: in the ${pieces.length === 1 ? 'message' : `${pieces.length} messages`} before this one.`,
  });
  return {
    parts: pieces.map((rows, index) => joinRows([title(index + 1, pieces.length), ...rows])),
    text: joinRows([...head, where, ...foot, ...refusal]),
    approvable,
  };
}

/** The card of an approval that is over: what became of it above what it was. */
export function renderOutcome(facts: CardFacts): string {
  // Nothing can be decided any more.
  const warnings = noWarnings();
  const payload = payloadRows(facts, warnings);
  const head = [...stateRows(facts), row(''), ...whatRows(facts, warnings)];
  const whole = [...head, ...payload.rows, row(''), idRow(facts)];
  if (payload.complete && lengthOf(whole) <= maxMessageLength) return joinRows(whole);
  return joinRows([...head, idRow(facts)]);
}

/** The same card as plain text, for a terminal: in one piece, and to be approved where a card could be. */
export function renderPlainCard(facts: CardFacts): { text: string; approvable: boolean } {
  const { approvable } = renderCard(facts);
  const warnings = noWarnings();
  const head = headRows(facts, warnings);
  const payload = payloadRows(facts, warnings);
  const shownRows = payload.complete ? payload.rows : [];
  const foot = footRows(facts, warnings, 'Approving takes the short id, typed.');
  const why = warnings.withheld > 0 ? 'Not all of it can be shown here' : 'Too large to show here';
  const refusal = approvable ? [] : notApprovableRows(facts, why);
  return { text: joinPlain([...head, ...shownRows, ...foot, ...refusal]), approvable };
}

/** What became of an approval, as plain text. */
export function renderPlainOutcome(facts: CardFacts): string {
  const warnings = noWarnings();
  const payload = payloadRows(facts, warnings);
  const shownRows = payload.complete ? payload.rows : [row('(too large to show here)')];
  const head = [...stateRows(facts), row(''), ...whatRows(facts, warnings)];
  return joinPlain([...head, ...shownRows, row(''), idRow(facts)]);
}

function headRows(facts: CardFacts, warnings: CardWarnings): Row[] {
  const title = facts.approval.critical ? '‼️ CRITICAL: approval required' : '🔔 Approval required';
  return [row({ bold: title }), ...whatRows(facts, warnings)];
}

function whatRows({ approval }: CardFacts, warnings: CardWarnings): Row[] {
  const action = row({ bold: 'Action' }, ': ', quoted(shownMasked(approval.action, warnings)));
  return [action, ...askerRows(approval, warnings)];
}

function footRows(
  { approval, now, timeZone }: CardFacts,
  warnings: CardWarnings,
  confirmation = 'Approving takes a second press by the same person.',
): Row[] {
  const { expires_at, critical, approvers, approvals } = approval;
  const hidden =
    warnings.hidden === 1
      ? '1 value looks like a secret and is'
      : `${warnings.hidden} values look like secrets and are`;
  return [
    row(''),
    ...(warnings.hidden > 0 ? [row({ bold: '⚠️ ' }, `${hidden} redacted here.`)] : []),
    ...(approvers > 1
      ? [row({ bold: 'Approvals' }, `: ${approvals} of ${approvers}, each by a different person`)]
      : []),
    ...(critical ? [row(confirmation)] : []),
    row({ bold: 'Expires' }, `: in ${between(now, expires_at)}, at ${timeText(expires_at, timeZone)}`),
    row('No answer = rejected.'),
    idRow({ approval }),
  ];
}

function idRow({ approval }: Pick<CardFacts, 'approval'>): Row {
  const digest = approval.action_digest?.slice(0, digestLength) ?? 'none';
  return row({ code: shortId(approval.id) }, ' · digest ', { code: digest });
}

function notApprovableRows({ approval: { id, action_digest } }: CardFacts, why: string): Row[] {
  return [
    row({ bold: `⚠️ ${why}, so it cannot be approved here.` }),
    row('Read the full request and decide with'),
    row({ code: `POST /v1/approvals/${id}/decision` }),
    row('and the digest ', { code: action_digest ?? 'none' }),
  ];
}

interface Payload {
  rows: Row[];
  /** All of it is in the rows. */
  complete: boolean;
}

// Details, then the reason, as far as the messages can hold them.
function payloadRows(facts: CardFacts, warnings: CardWarnings): Payload {
  const rows: Row[] = [];
  let length = 0;
  for (const next of allRows(facts, warnings)) {
    rows.push(next);
    length += next.length + 1;
    if (length > maxParts * maxMessageLength) return { rows, complete: false };
  }
  return { rows, complete: !warnings.incomplete };
}

function* allRows(
  { approval: { reason }, details, details_order }: CardFacts,
  warnings: CardWarnings,
): Generator<Row> {
  yield row('');
  yield row({ bold: 'Details' }, ':');
  const parsed = parseExactly(details);
  // The column takes nothing but an object.
  yield* detailRows(inReadingOrder(parsed as Parameters<typeof inReadingOrder>[0], details_order), warnings);
  if (reason === null || reason === '') return;
  yield row('');
  yield row({ bold: 'Reason given by the requester (not verified)' }, ':');
  yield* barredRows(shownMasked(reason, warnings));
}
