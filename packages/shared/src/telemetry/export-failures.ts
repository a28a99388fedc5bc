import { DiagLogLevel, diag } from '@opentelemetry/api';
import type { Logger } from '../log.ts';

/** Has OpenTelemetry say in our log why spans do not arrive. Repeated lines are counted there, like any others. */
export function reportExportFailures(log: Logger): void {
  const quiet = () => undefined;
  const warn = (detail: string) => log.warn({ detail: detail.slice(0, 500) }, 'traces cannot be sent');
  diag.setLogger(
    { error: warn, warn, info: quiet, debug: quiet, verbose: quiet },
    {
      logLevel: DiagLogLevel.WARN,
      suppressOverrideMessage: true,
    },
  );
}
