import type { HeadlessPage } from './headless-browser.ts';

/** Presses a key together with Ctrl. @param code as `KeyboardEvent.code` has it. */
export async function pressKey(page: HeadlessPage, key: string, code: string): Promise<void> {
  const of = { modifiers: 2, key, code, windowsVirtualKeyCode: key.charCodeAt(0) };
  await page.send('Input.dispatchKeyEvent', { type: 'keyDown', ...of });
  await page.send('Input.dispatchKeyEvent', { type: 'keyUp', ...of });
}
