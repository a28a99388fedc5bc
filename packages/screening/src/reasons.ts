import type { Family, Screening } from './finding.ts';

/** What a screening says against a request, in the guard's words. Never quotes the text. */
export interface ScreeningReason {
  code: `injection.${Family}`;
  detail: string;
}

// Weaker ones explain nothing by themselves.
const weakest = 0.2;

/** One reason for each family that was found, the strongest first. */
export function reasonsOf({ findings, source }: Screening): ScreeningReason[] {
  const strongest = new Map<Family, { weight: number; reason: string }>();
  for (const { family, weight, reason } of findings) {
    if (weight >= weakest && weight > (strongest.get(family)?.weight ?? 0))
      strongest.set(family, { weight, reason });
  }
  return [...strongest]
    .toSorted((a, b) => b[1].weight - a[1].weight)
    .map(([family, { reason }]) => ({
      code: `injection.${family}`,
      detail: `the ${from[source]} ${reason}`,
    }));
}

const from = { user: "user's text", tool: 'text of a tool', web: 'text of the web' } as const;
