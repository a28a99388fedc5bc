// Each is enough to keep a person from reading what stands inside.
const hiding = [
  /(?:^|;)display:none/,
  /(?:^|;)visibility:(?:hidden|collapse)/,
  /(?:^|;)content-visibility:hidden/,
  /(?:^|;)opacity:(?:0?\.0\d*|0+(?:\.0\d*)?%?)(?:;|$)/,
  /(?:^|;)font:[^;]*?\b0(?:px|pt|em|rem|%)?\//,
  /(?:^|;)(?:max-)?(?:width|height):0+(?:\.0+)?(?:px|pt|em|rem|%)?(?:;|$)/,
  /(?:^|;)(?:left|right|top|bottom|text-indent|margin(?:-left|-top)?):-\d{3,}/,
  /(?:^|;)transform:[^;]*(?:scale[xy]?\(0(?:\.0+)?[,)]|translate[xy]?\(-\d{3,})/,
  /(?:^|;)clip:rect\((?:0|1px)/,
  /(?:^|;)clip-path:inset\((?:[5-9]\d|100)/,
  /(?:^|;)(?:color|-webkit-text-fill-color):(?:transparent|rgba\([^)]*,0(?:\.0+)?\)|#[\da-f]{6}00(?:;|$)|#[\da-f]{3}0(?:;|$))/,
] as const;

const longestStyle = 2_000;

/**
 * Whether a style attribute hides its element: out of sight, without size, or in the colour of its own background. What a style sheet hides
 * is not seen from here.
 */
export function isHiddenStyle(style: string): boolean {
  // Nobody writes that much for the eye.
  if (style.length > longestStyle) return true;
  const plain = style
    .replaceAll(/\\([\da-f]{1,6})\s?/gi, (_all, hex: string) => characterOf(hex))
    .replaceAll(/\/\*.*?\*\//gs, '')
    .replaceAll(/!important/gi, '')
    .replaceAll(/\s+/g, '')
    .toLowerCase();
  if (hiding.some((pattern) => pattern.test(plain)) || isTiny(plain)) return true;
  const colour = /(?:^|;)color:([^;]+)/.exec(plain)?.[1];
  const background = /(?:^|;)background(?:-color)?:([^;]+)/.exec(plain)?.[1];
  return colour !== undefined && colour === background;
}

// Below them a text is a line of dots at most; other units are lengths of the window, of which a hundredth is small enough.
const smallest: Record<string, number> = { px: 3, pt: 3, em: 0.15, rem: 0.15, '%': 15, '': 0.15 };

function isTiny(style: string): boolean {
  const [, number, unit = ''] =
    /(?:^|;)(?:font-size|zoom|scale):(\d*\.?\d+)([a-z]*|%)(?:;|$)/.exec(style) ?? [];
  return number !== undefined && Number(number) < (smallest[unit] ?? 0.2);
}

function characterOf(hex: string): string {
  const code = Number.parseInt(hex, 16);
  return code > 0x10ffff ? '' : String.fromCodePoint(code);
}
