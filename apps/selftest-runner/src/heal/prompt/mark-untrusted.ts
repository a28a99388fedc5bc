// Words with which text tries to be taken for an instruction. Each is bounded and cannot begin twice in a run of characters.
const injections: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget|override)\b[^\n]{0,40}\b(?:instructions?|prompts?|rules?|above|previous|prior|context)\b/gi,
  /\b(?:you are now|from now on you|new instructions?|system prompt|developer message|act as (?:an? )?\w{1,20})\b/gi,
  /<\/?(?:system|assistant|user|instructions?|tool_call|function_calls?)\b[^>\n]{0,80}>/gi,
  /<\|[a-z_]{1,40}\|>/gi,
  /\[\/?(?:INST|SYS|SYSTEM)\]/g,
  /^\s{0,8}(?:system|assistant|human|user)\s{0,4}:/gim,
  /\b(?:do not|don't|never)\b[^\n]{0,30}\b(?:tell|mention|reveal|report)\b/gi,
  /\b(?:delete|remove|skip|disable|comment out|weaken)\b[^\n]{0,30}\b(?:tests?|asserts?|assertions?|checks?)\b/gi,
  /\b(?:curl|wget)\b[^\n]{0,120}\|\s{0,4}(?:ba|z)?sh\b/gi,
];

/** Marks what looks like an instruction in text that comes from outside; the text itself stays readable. */
export function markUntrusted(text: string): string {
  return injections.reduce(
    (marked, pattern) => marked.replace(pattern, (hit) => `[suspicious: ${hit}]`),
    text,
  );
}
