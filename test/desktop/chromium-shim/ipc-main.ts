type InvokeHandler = (event: unknown, ...args: unknown[]) => unknown;

/** Electron's `ipcMain`, as far as requests that are answered go; pages of the shim cannot stand still for one. */
export const ipcMain = {
  handlers: new Map<string, InvokeHandler>(),
  handle(channel: string, handler: InvokeHandler): void {
    if (this.handlers.has(channel))
      throw new Error(`Attempted to register a second handler for '${channel}'`);
    this.handlers.set(channel, handler);
  },
  on(): void {},
};
