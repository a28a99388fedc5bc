/**
 * What is wrong with an address for callbacks. Asked where an approval is requested and again before each delivery, so
 * that nothing is accepted that will never be called.
 *
 * @param origins CALLBACK_ORIGINS
 * @returns the rule that it breaks, which never quotes it; undefined when it can be called
 */
export function callbackUrlProblem(url: string, origins: readonly string[]): string | undefined {
  const parsed = URL.parse(url);
  // A user and password would be kept in plain text, and fetch refuses such an address.
  if (parsed && (parsed.username !== '' || parsed.password !== '')) return 'must not hold a user or password';
  // The origin of blob:http://example.com/x is http://example.com.
  if (!parsed || !/^https?:$/.test(parsed.protocol) || !origins.includes(parsed.origin)) {
    return 'must be on one of CALLBACK_ORIGINS';
  }
  return undefined;
}
