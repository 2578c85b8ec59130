/** The way to the process that started this one. */
export interface HostPort {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
}

/** What Electron adds to `process` in a utility process. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

/**
 * The host of this process, which was started by Node's `fork` or by Electron's `utilityProcess`.
 * When the host goes away, this process ends.
 *
 * @throws Error when nobody started it that way.
 */
export function connectToHost(): HostPort {
  const { parentPort } = process as typeof process & { parentPort?: ParentPort };
  if (parentPort) {
    return {
      post: (message) => parentPort.postMessage(message),
      onMessage: (listener) => parentPort.on('message', ({ data }) => listener(data)),
    };
  }
  if (!process.send) throw new Error('This script is started by Impasto and does nothing by itself');
  process.on('disconnect', () => process.exit(0));
  return {
    // A host that is gone takes no messages; 'disconnect' ends the process.
    post: (message) => void (process.connected && process.send?.(message, () => {})),
    onMessage: (listener) => void process.on('message', listener),
  };
}
