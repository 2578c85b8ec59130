import type { StudioEvent } from '../../preload/contract/index.ts';

/** Where services say what happened; hosts pass it on to the page. */
export interface EventBus {
  /** Calls every listener in order; a listener that throws stops neither the others nor the service. */
  readonly emit: (event: StudioEvent) => void;
  /** Calls back on every event until the returned function is called. */
  readonly subscribe: (listener: (event: StudioEvent) => void) => () => void;
}

/** An {@link EventBus} without listeners; `onListenerError` hears of listeners that threw. */
export function createEventBus(onListenerError: (error: unknown) => void): EventBus {
  const listeners = new Set<(event: StudioEvent) => void>();
  return {
    emit(event) {
      for (const listener of listeners) {
        try {
          listener(event);
        } catch (error) {
          onListenerError(error);
        }
      }
    },
    subscribe(listener) {
      // A wrapper of its own lets one function be subscribed twice and removed once.
      const own = (event: StudioEvent): void => listener(event);
      listeners.add(own);
      return () => {
        listeners.delete(own);
      };
    },
  };
}
