export interface Signal {
  /** Calls `listener` at every change until the returned function is called. */
  subscribe(listener: () => void): () => void;
  emit(): void;
}

/** Tells waiters that something changed; they look for themselves what. */
export function createSignal(): Signal {
  const listeners = new Set<() => void>();
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    emit() {
      for (const listener of listeners) listener();
    },
  };
}
