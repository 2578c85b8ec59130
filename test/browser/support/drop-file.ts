import type { StudioPage } from './studio-page.ts';

/** Drops a PNG file on the canvas as a file manager would. */
export async function dropFile({ page, canvas }: StudioPage, name: string, bytes: Uint8Array): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([file, base64]) => {
      const data = Uint8Array.from(atob(base64!), (letter) => letter.charCodeAt(0));
      const held = new DataTransfer();
      held.items.add(new File([data], file!, { type: 'image/png' }));
      return held;
    },
    [name, Buffer.from(bytes).toString('base64')],
  );
  await canvas.dispatchEvent('drop', { dataTransfer: transfer });
}
