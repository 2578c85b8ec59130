/**
 * Functions that run inside the page: each is turned into text and evaluated there, so it may use nothing of this
 * file. The two worlds of a page share its DOM only; events carry structured clones between them.
 */

/** In the page's own world: turns what the preload exposes into real functions, as the context bridge does. */
export function installPageWorld(): void {
  type Shape = { fn: number } | { object: Record<string, Shape> } | { value: unknown };
  let returned: unknown;
  let nextCallback = 1;
  const callbacks = new Map<number, (...args: unknown[]) => void>();
  const promises = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();

  const call = (fn: number, args: unknown[]): unknown => {
    const sent = args.map((arg) => {
      if (typeof arg !== 'function') return { value: arg };
      callbacks.set(nextCallback, arg as () => void);
      return { callback: nextCallback++ };
    });
    window.dispatchEvent(new CustomEvent('shim-call', { detail: { fn, args: sent } }));
    const result = returned as { fn?: number; promise?: number; value?: unknown };
    if (result.fn !== undefined) return (...more: unknown[]) => call(result.fn as number, more);
    if (result.promise === undefined) return result.value;
    return new Promise((resolve, reject) => promises.set(result.promise as number, { resolve, reject }));
  };
  const build = (shape: Shape): unknown => {
    if ('fn' in shape) return (...args: unknown[]) => call(shape.fn, args);
    if ('value' in shape) return shape.value;
    const entries = Object.entries(shape.object).map(([key, inner]) => [key, build(inner)]);
    return Object.freeze(Object.fromEntries(entries));
  };
  const listen = (name: string, handle: (detail: never) => void): void =>
    window.addEventListener(name, (event) => handle((event as CustomEvent).detail as never));
  listen('shim-expose', ({ key, shape }: { key: string; shape: Shape }) =>
    Object.defineProperty(window, key, { value: build(shape) }),
  );
  listen('shim-returned', (result: unknown) => (returned = result));
  listen('shim-settled', ({ id, error, value }: { id: number; error?: string; value?: unknown }) => {
    if (error === undefined) promises.get(id)?.resolve(value);
    else promises.get(id)?.reject(new Error(error));
    promises.delete(id);
  });
  listen('shim-callback', ({ id, args }: { id: number; args: unknown[] }) => callbacks.get(id)?.(...args));
}

/** In the preload's world: what `require('electron')` gives there, and the preload itself. */
export function installPreloadWorld(run: (require: unknown, process: unknown) => void): void {
  type Fn = (...args: unknown[]) => unknown;
  const functions: Fn[] = [];
  const invocations = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const listeners = new Map<string, Set<Fn>>();
  let nextId = 1;
  const emit = (name: string, detail: unknown): void =>
    void window.dispatchEvent(new CustomEvent(name, { detail }));

  // Bytes cross to Node as text; on this side they are typed arrays again.
  const pack = (value: unknown): unknown =>
    value instanceof Uint8Array
      ? { $bytes: (value as Uint8Array & { toBase64(): string }).toBase64() }
      : Array.isArray(value)
        ? value.map(pack)
        : value !== null && typeof value === 'object'
          ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, pack(inner)]))
          : value;
  const unpack = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(unpack);
    if (value === null || typeof value !== 'object') return value;
    if ('$bytes' in value) {
      return (Uint8Array as unknown as { fromBase64(text: unknown): Uint8Array }).fromBase64(value.$bytes);
    }
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unpack(inner)]));
  };

  const page = globalThis as unknown as {
    shimToMain(text: string): void;
    shimFromMain(message: unknown): void;
  };
  const ipcRenderer = {
    invoke: (channel: string, ...args: unknown[]) =>
      new Promise((resolve, reject) => {
        const id = nextId++;
        invocations.set(id, { resolve, reject });
        page.shimToMain(JSON.stringify({ id, channel, args: args.map((arg) => pack(arg) ?? null) }));
      }),
    on: (channel: string, listener: Fn) =>
      void (listeners.get(channel) ?? listeners.set(channel, new Set()).get(channel))?.add(listener),
    off: (channel: string, listener: Fn) => void listeners.get(channel)?.delete(listener),
  };
  page.shimFromMain = (message) => {
    const { id, channel, value, error } = message as {
      id?: number;
      channel?: string;
      value: unknown;
      error?: string;
    };
    if (channel !== undefined) {
      for (const listener of listeners.get(channel) ?? []) listener({ sender: null }, unpack(value));
    } else if (id !== undefined) {
      if (error === undefined) invocations.get(id)?.resolve(unpack(value));
      else invocations.get(id)?.reject(new Error(error));
      invocations.delete(id);
    }
  };

  const describe = (value: unknown): unknown => {
    if (typeof value === 'function') return { fn: functions.push(value as Fn) - 1 };
    if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return { value };
    return {
      object: Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, describe(inner)])),
    };
  };
  const contextBridge = {
    exposeInMainWorld: (key: string, api: unknown) => emit('shim-expose', { key, shape: describe(api) }),
  };
  window.addEventListener('shim-call', (event) => {
    const { fn, args } = (event as CustomEvent).detail as {
      fn: number;
      args: { value?: unknown; callback?: number }[];
    };
    const given = args.map(({ value, callback }) =>
      callback === undefined
        ? value
        : (...back: unknown[]) => emit('shim-callback', { id: callback, args: back }),
    );
    const result = functions[fn]?.(...given);
    if (typeof result === 'function') emit('shim-returned', { fn: functions.push(result as Fn) - 1 });
    else if (result instanceof Promise) {
      const id = nextId++;
      emit('shim-returned', { promise: id });
      result.then(
        (value) => emit('shim-settled', { id, value }),
        (error: unknown) => emit('shim-settled', { id, error: String(error) }),
      );
    } else emit('shim-returned', { value: result });
  });

  const require = (name: string): unknown => {
    if (name === 'electron') return { contextBridge, ipcRenderer };
    throw new Error(`module not found: ${name} (a sandboxed preload has none)`);
  };
  run(require, { platform: 'linux', sandboxed: true, contextIsolated: true, versions: {}, env: {} });
}
