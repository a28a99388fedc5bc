import { pattern, type PatternRule } from './pattern.ts';

const chained = 'chains a shell command to something else';
const fetched = 'runs what it downloads';
const substituted = 'has a shell command inside something else';
const reverse = 'opens a shell to somewhere else';

// Programs that look around, fetch, run or destroy; those of everyday builds are not among them.
const programs =
  'cat|rm|wget|curl|nc|ncat|netcat|bash|sh|zsh|id|whoami|uname|env|printenv|python3?|perl|ruby|php|touch|chmod|chown|nslookup|dig|ping|telnet|ssh|scp|dd|mkfs|shutdown|reboot|kill|killall|useradd|passwd|crontab|powershell|pwsh|cmd|certutil|net|type|ls|echo|sleep|tee|base64';

/** Shell commands that ride on something else. */
export const shellRules: readonly PatternRule[] = [
  pattern(
    'shell',
    'chained',
    [0.6, 0.5],
    '; & | \n',
    new RegExp(
      `(?:;|\\|\\||&&|[^|]\\||[^&]&|^\\|)[ \\t]{0,3}(?:cat|rm|wget|curl|nc|ncat|bash|sh|id|whoami|uname|env|printenv|touch|chmod|nslookup|ping|telnet|mkfs|shutdown|reboot|useradd|passwd|crontab|powershell|certutil|sleep)(?=\\s{0,2}(?:$|[;|&"'\`#)]|-\\w|[/~.$]|\\d|https?:|[a-z]+\\.[a-z]))`,
      'gm',
    ),
    chained,
  ),
  pattern(
    'shell',
    'chained_rm',
    [0.5, 0.5],
    'rm -',
    /\brm\s{1,3}-[a-z-]{1,20}\s{1,3}(?:-[a-z-]{1,20}\s{1,3}){0,3}(?:\/(?:\s|$|\*|["';]|(?:etc|home|var|usr|bin|boot|root)\b)|~|\$home|\*|--no-preserve)/g,
    'deletes everything there is',
  ),
  pattern(
    'shell',
    'pipe_to_shell',
    [0.6, 0.55],
    'curl wget fetch iwr base64 echo',
    /\b(?:curl|wget|fetch|iwr|base64|echo)\b[^\n|]{0,300}\|\s{0,3}(?:sudo\s{1,3})?(?:ba|z|da|k)?sh\b/g,
    fetched,
  ),
  pattern(
    'shell',
    'pipe_to_interpreter',
    [0.6, 0.55],
    '| + curl wget',
    /\b(?:curl|wget)\b[^\n|]{0,300}\|\s{0,3}(?:sudo\s{1,3})?(?:python\d?|perl|php|ruby|node)\b/g,
    fetched,
  ),
  pattern(
    'shell',
    'substitution',
    [0.65, 0.5],
    '$(',
    new RegExp(`\\$\\(\\s{0,3}(?:${programs})\\b[^)\\n]{0,200}\\)`, 'g'),
    substituted,
  ),
  pattern('shell', 'ifs', [0.7, 0.7], '${ifs} $ifs', /\$\{?ifs\b/g, substituted),
  pattern(
    'shell',
    'backticks',
    [0.55, 0.4],
    '`',
    new RegExp(
      `(?:[\\w=;|&]\`(?:${programs})\\b[^\`\\n]{0,200}\`|\`(?:cat|wget|curl|nc|bash|touch|rm)\\s[^\`\\n]{0,100}(?:[/~]|https?:)[^\`\\n]{0,200}\`$|^\`(?:${programs})[^\`\\n]{0,100}\`$)`,
      'g',
    ),
    substituted,
  ),
  pattern(
    'shell',
    'reverse_shell',
    [0.8, 0.8],
    '/dev/tcp/ /dev/udp/ mkfifo -e /bin pty.spawn ncat socat',
    /\/dev\/(?:tcp|udp)\/|\bmkfifo\s{1,3}\/|\b(?:nc|ncat|netcat)\s[^\n]{0,80}-e\s{0,3}\/?\w|pty\.spawn|\bsocat\s[^\n]{0,60}exec:/g,
    reverse,
  ),
  pattern(
    'shell',
    'send_away',
    [0.7, 0.75],
    'curl wget nc base64 openssl',
    /\b(?:env|printenv|cat\s[^\n|;]{1,80}|tar\s[^\n|;]{1,80}|history)\s{0,3}\|\s{0,3}(?:curl|nc|ncat|wget|base64|openssl)\b|\bcurl\s[^\n]{0,100}(?:-d|--data|--data-binary|-f|-t|--upload-file)\s{0,3}["']?@/g,
    'sends files or settings somewhere else',
  ),
  pattern(
    'shell',
    'powershell',
    [0.75, 0.75],
    'powershell pwsh iex invoke- downloadstring frombase64',
    /\b(?:powershell|pwsh)(?:\.exe)?\s[^\n]{0,80}-(?:e|en|enc|encodedcommand|nop|noprofile|w\s{0,3}hidden|ep\s{0,3}bypass)\b|\biex\s{0,3}\(|invoke-expression|downloadstring\(|frombase64string/g,
    'runs hidden PowerShell',
  ),
  pattern(
    'shell',
    'fork_bomb',
    [0.8, 0.8],
    ':()',
    /:\(\)\s{0,2}\{\s{0,2}:\s{0,2}\|\s{0,2}:/g,
    'starts processes without end',
  ),
  pattern(
    'shell',
    'password_file',
    [0.4, 0.4],
    '/etc/passwd /etc/shadow .ssh/ /proc/self',
    /(?:\b(?:cat|less|head|tail|more|tac|nl|type|curl|cp|grep)\s[^\n]{0,60})?(?:\/etc\/(?:passwd|shadow)|\.ssh\/(?:id_|authorized)|\/proc\/self\/environ)/g,
    'names a file of passwords or keys',
  ),
  pattern(
    'shell',
    'disk',
    [0.7, 0.7],
    'mkfs of=/dev > /dev/sd',
    /\bmkfs(?:\.\w{1,6})?\s{1,3}\/dev|\bdd\s[^\n]{0,40}of=\/dev\/[sh]d|>\s{0,2}\/dev\/sd[a-z]/g,
    'overwrites a disk',
  ),
  {
    ...pattern(
      'shell',
      'newline_escape',
      [0.5, 0.5],
      // Both together, since most texts have line breaks.
      '\ncat \nid \nwhoami \nls \nwget \ncurl \nset-cookie \rcat \rid \rwhoami \rls \rwget \rcurl \rset-cookie',
      /[\n\r](?:cat|id|whoami|ls|wget|curl|set-cookie)\b/g,
      chained,
    ),
    // %0a, and not the \n of a JSON text.
    escapedAs: 3,
  },
];
