/** What a reply to a card says: whether it says by itself that it rejects, and why. */
export interface ReplyReason {
  rejects: boolean;
  reason: string;
}

const rejecting = /^\/?reject(?:ed)?(?:@\w+)?(?![\p{L}\p{N}_])[\s:;,.!–—-]*/iu;

/** Reads a reply. Nothing in it ever approves, so only "reject" at its beginning counts as a decision; any other text is a reason to ask about. */
export function readReply(text: string): ReplyReason {
  const trimmed = text.trim();
  const found = rejecting.exec(trimmed);
  return {
    rejects: found !== null,
    reason: found === null ? trimmed : trimmed.slice(found[0].length).trim(),
  };
}
