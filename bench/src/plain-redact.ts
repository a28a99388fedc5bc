// The peer without keywords: one regular expression after the other over all of the text, as many loggers do it.
const token = (mark: string, body: string) => new RegExp(`(?<![A-Za-z0-9_-])(?:${mark})${body}`, 'g');

const patterns: readonly RegExp[] = [
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]{0,16384}?-----END [A-Z ]{0,40}PRIVATE KEY-----/g,
  /(?<=:\/\/[^\s:/?#@"'<>]{0,256}:)[^\s/?#"'<>]{1,1024}(?=@)/g,
  /(?<!\d)\d{6,12}:[\w-]{30,60}(?![\w-])/g,
  token('eyJ', '[\\w-]{5,4096}\\.[\\w-]{5,8192}(?:\\.[\\w-]{0,4096}){0,3}'),
  token('sk-ant-', '[\\w-]{20,200}'),
  token('sk-', '(?:proj-|svcacct-|admin-)?[\\w-]{20,220}'),
  token('(?:sk|rk|pk)_(?:live|test)_', '[A-Za-z0-9]{10,250}'),
  token('gh[pousr]_', '[A-Za-z0-9]{20,255}'),
  token('github_pat_', '\\w{20,255}'),
  token('gl(?:pat|ptt|dt|rt|cbt|soat|ft)-', '[\\w-]{16,255}'),
  token('xox[abeoprs]-', '[\\w-]{10,255}'),
  token('(?:AKIA|ASIA|ABIA|ACCA)', '[A-Z0-9]{16}(?![A-Z0-9])'),
  token('AIza', '[\\w-]{35}'),
  token('ya29\\.', '[\\w-]{20,2048}'),
  token('npm_', '[A-Za-z0-9]{36}'),
  token('SG\\.', '[\\w-]{16,64}\\.[\\w-]{16,128}'),
  token('hf_', '[A-Za-z0-9]{30,64}'),
  token('dop_v1_', '[a-f0-9]{64}'),
  token('shp(?:at|ca|pa|ss)_', '[a-fA-F0-9]{32}'),
  token('hvs\\.', '[\\w-]{20,200}'),
  /(?<=\b(?:bearer|basic)\s{1,3})[A-Za-z0-9._~+/=-]{8,8192}/gi,
  /(?<=\b(?:set-)?cookie:\s{0,3})[^\r\n]{1,8192}/gi,
  /(?<=(?:passw(?:or)?d|secret|token|api[_-]?key|access[_-]?key|authorization)["']?\s{0,3}[=:]\s{0,3}["']?)[^\s"',;&]{4,4096}/gi,
];

/** Two dozen patterns, where the engine has ten times as many. */
export function plainRedact(text: string): string {
  let result = text;
  for (const pattern of patterns) result = result.replace(pattern, '[redacted]');
  return result;
}
