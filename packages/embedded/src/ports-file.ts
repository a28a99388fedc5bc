import { readFileSync, renameSync, writeFileSync } from 'node:fs';

export type PortName = 'supabase' | 'postgres' | 'postgrest' | 'postgrestAdmin' | 'redis';
export type Ports = Partial<Record<PortName, number>>;

const names: readonly PortName[] = ['supabase', 'postgres', 'postgrest', 'postgrestAdmin', 'redis'];

/** The ports of the last start; nothing when there was none or the file makes no sense. */
export function readPorts(file: string): Ports {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof value !== 'object' || value === null) return {};
    const entries = Object.entries(value).filter(
      ([name, port]) => names.some((known) => known === name) && isPort(port),
    );
    return Object.fromEntries(entries);
  } catch {
    return {};
  }
}

/** Remembers the ports, so that the next start prefers them. */
export function writePorts(file: string, ports: Ports): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(ports, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function isPort(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) <= 65_535;
}
