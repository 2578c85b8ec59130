import { BrowserWindow } from './browser-window.ts';
import { app } from './app.ts';
import { recorded } from './record.ts';
import { session } from './session.ts';

/** What a test asks of the shim. */
export type ControlRequest =
  /** Evaluates an expression in the first window's page; promises are awaited. */
  | { readonly ask: 'evaluate'; readonly expression: string }
  | { readonly ask: 'recorded' }
  | { readonly ask: 'permission'; readonly permission: string }
  | { readonly ask: 'second-instance' }
  | { readonly ask: 'quit' };

/** Answers the process that forked this one. */
export function listenToTest(): void {
  process.on('message', (message) => {
    const { id, request } = message as { id: number; request: ControlRequest };
    answer(request).then(
      (value) => process.send?.({ id, value }),
      (error: unknown) => process.send?.({ id, error: String(error) }),
    );
  });
}

async function answer(request: ControlRequest): Promise<unknown> {
  switch (request.ask) {
    case 'evaluate':
      return (await BrowserWindow.getAllWindows()[0]?.page)?.evaluate(request.expression);
    case 'recorded':
      return recorded;
    case 'permission':
      return new Promise((resolve) =>
        session.defaultSession.permission(null, request.permission, (granted) => resolve(granted)),
      );
    case 'second-instance':
      return app.emit('second-instance');
    case 'quit':
      return app.quit();
    default:
      return request satisfies never;
  }
}
