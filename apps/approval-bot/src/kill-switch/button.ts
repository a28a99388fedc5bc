/** A button below `/stop` or `/resume`: which command it belongs to, and whether it does it or does nothing. */
export interface SwitchButton {
  id: string;
  confirmed: boolean;
}

const letters = { yes: 'ky', no: 'kn' } as const;

/** Callback data, 24 of Telegram's 64 bytes. That nobody can guess the id is what shows that the button is ours. */
export function writeSwitchButton({ id, confirmed }: SwitchButton): string {
  const bytes = Buffer.from(id.replaceAll('-', ''), 'hex');
  return (confirmed ? letters.yes : letters.no) + bytes.toString('base64url');
}

/** Undefined for anything that we cannot have written. */
export function readSwitchButton(data: string | undefined): SwitchButton | undefined {
  const match = /^k([yn])([\w-]{22})$/.exec(data ?? '');
  const bytes = Buffer.from(match?.[2] ?? '', 'base64url');
  if (!match || bytes.toString('base64url') !== match[2]) return undefined;
  const id = bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return { id, confirmed: match[1] === 'y' };
}
