// What stands before a request and says nothing about it. Longer ones first where one begins another.
const polite =
  /^(?:please|kindly|hello|hey|hi|okay|ok|can you|could you|would you|will you|i want you to|i would like you to|i'd like you to|i want to|i would like to|i'd like to|i need to|i need you to|let's|go ahead and|now)(?![\w'’/@-]|\.\w)[\s,!:.]{0,8}/i;
const askingPolitely = /^(?:can|could|would|will) you(?![\w'-])/i;
// Nobody says please that often; a longer text is no courtesy.
const mostWords = 6;

export interface Request {
  text: string;
  /** "Could you ...": its question mark is no question. */
  politeQuestion: boolean;
}

/** A request without the courtesy before it: "Hi, could you please buy ..." is "buy ...". */
export function withoutCourtesy(prompt: string): Request {
  let text = prompt.trim();
  let politeQuestion = false;
  for (let words = 0; words < mostWords; words += 1) {
    const found = polite.exec(text);
    if (found === null) break;
    politeQuestion ||= askingPolitely.test(text);
    text = text.slice(found[0].length);
  }
  return { text, politeQuestion };
}

const ending = new Set([' ', '\t', '\n', '\r', '.', '!', '?', ',', ';', ':', '…']);

/** A text without the white space and punctuation at its end. */
export function withoutEnding(text: string): string {
  let end = text.length;
  while (end > 0 && ending.has(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}
