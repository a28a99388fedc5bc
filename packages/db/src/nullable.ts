/**
 * An argument of a SQL function that may be null. The generated types do not know which arguments may be.
 *
 * @param value null and undefined both become null
 */
export const nullable = <T>(value: T | null | undefined): T => (value ?? null) as T;
