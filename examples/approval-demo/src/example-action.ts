/** What the agent of the demo wants to do. */
export const action = 'dm.bulk_send';

const names = [
  'ada',
  'ben',
  'chloe',
  'dan',
  'eve',
  'finn',
  'grace',
  'hugo',
  'iris',
  'jon',
  'kim',
  'leo',
  'mia',
];

/** 25 recipients: the policy lets ten go without a person. */
export const details = {
  recipients: 25,
  channel: 'instagram',
  to: Array.from(
    { length: 25 },
    (_none, at) => `@${names[at % names.length]}${at < names.length ? '' : '_2'}`,
  ),
  text: 'Our summer sale starts today: 20 % off everything until Sunday.',
};

export interface Outbox {
  send(to: string, text: string): void;
  sent: readonly string[];
}

/** Where the messages would go; it only counts. */
export function createOutbox(): Outbox {
  const sent: string[] = [];
  return { sent, send: (to) => void sent.push(to) };
}
