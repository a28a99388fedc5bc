/** Where cards go. */
export interface CardChats {
  /** TELEGRAM_CHAT_ID; without it only approvals that name a chat are shown. */
  main: string | undefined;
  /** Every chat that a card may be in. */
  allowed: ReadonlySet<string>;
}

/** The chat for a card: the one that was asked for, as long as the settings allow it, else the main one. */
export function chatFor({ main, allowed }: CardChats, wanted: string | null): string | undefined {
  return wanted !== null && allowed.has(wanted) ? wanted : main;
}
