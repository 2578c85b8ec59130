import { createHash } from 'node:crypto';
import { type CDPSession, expect, type Locator, type Page } from '@playwright/test';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { StudioProcess } from './studio-process.ts';

/** One reading of a simulated pointer, CSS px of the window. */
export interface Reading {
  readonly x: number;
  readonly y: number;
  /** 0 … 1 */
  readonly force?: number;
}

/** The open page, in the words of somebody who uses it. */
export class StudioPage {
  readonly page: Page;
  readonly process: StudioProcess;
  #cdp: CDPSession | null = null;

  constructor(page: Page, process: StudioProcess) {
    this.page = page;
    this.process = process;
  }

  get canvas(): Locator {
    return this.page.getByTestId('canvas');
  }

  get prompt(): Locator {
    return this.page.getByTestId('prompt');
  }

  get price(): Locator {
    return this.page.getByTestId('price');
  }

  get strip(): Locator {
    return this.page.getByTestId('strip');
  }

  get status(): Locator {
    return this.page.getByTestId('status');
  }

  get layers(): Locator {
    return this.page.getByRole('treegrid', { name: 'Layers' }).getByRole('row');
  }

  /** Opens the page and waits until it can be painted on. */
  async open(): Promise<void> {
    await this.page.goto(this.process.url);
    await this.ready();
  }

  async ready(): Promise<void> {
    // Looked for in each frame: expectations look again after up to a second, and every test begins here.
    await this.page
      .waitForFunction(
        () =>
          /layer (?!none)/.test(
            document.querySelector('[data-testid=canvas]')?.getAttribute('aria-label') ?? '',
          ) && document.querySelector('.saved')?.textContent?.startsWith('Saved') === true,
      )
      .catch(() => undefined);
    await expect(this.canvas).toHaveAccessibleName(/layer (?!none)/);
    await expect(this.page.getByText(/^Saved/)).toBeVisible();
  }

  /** Makes a document through the dialog. */
  async newDocument(name: string, width: number, height: number): Promise<void> {
    await this.page.keyboard.press('Alt+n');
    const dialog = this.page.getByRole('dialog');
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByLabel('Width').fill(String(width));
    await dialog.getByLabel('Height').fill(String(height));
    await dialog.getByLabel('Height').blur();
    await dialog.getByRole('button', { name: 'Create' }).click();
    await expect(this.canvas).toHaveAccessibleName(new RegExp(`^${name}, ${width} by ${height}`));
  }

  /** Everything on disk. */
  async saved(): Promise<void> {
    await expect(this.page.getByText(/^Saved/)).toBeVisible();
  }

  async #devtools(): Promise<CDPSession> {
    return (this.#cdp ??= await this.page.context().newCDPSession(this.page));
  }

  /** Draws with a simulated pen that senses pressure. */
  async pen(readings: readonly Reading[], lift = true): Promise<void> {
    const cdp = await this.#devtools();
    const base = { pointerType: 'pen', button: 'left', clickCount: 1 } as const;
    for (const [index, { x, y, force = 0.5 }] of readings.entries()) {
      const type = index === 0 ? 'mousePressed' : 'mouseMoved';
      await cdp.send('Input.dispatchMouseEvent', { ...base, type, x, y, force, buttons: 1 });
    }
    const last = readings.at(-1);
    if (lift && last) await this.penUp(last);
  }

  /** Touches each place once with a pen, one after the other, without waiting for the page in between. */
  async dabs(places: readonly Reading[]): Promise<void> {
    const cdp = await this.#devtools();
    const base = { pointerType: 'pen', button: 'left', clickCount: 1 } as const;
    await Promise.all(
      places.flatMap(({ x, y, force = 0.5 }) => [
        cdp.send('Input.dispatchMouseEvent', { ...base, type: 'mousePressed', x, y, force, buttons: 1 }),
        cdp.send('Input.dispatchMouseEvent', { ...base, type: 'mouseReleased', x, y }),
      ]),
    );
  }

  /** Taps a tool's key: down and up in one go, as a key that a busy machine holds too long only borrows the tool. */
  async tap(key: string): Promise<void> {
    await Promise.all([this.page.keyboard.down(key), this.page.keyboard.up(key)]);
  }

  /** The pen that is down goes on to here. */
  async move({ x, y, force = 0.5 }: Reading): Promise<void> {
    const cdp = await this.#devtools();
    const base = { type: 'mouseMoved', pointerType: 'pen', button: 'left', clickCount: 1 } as const;
    await cdp.send('Input.dispatchMouseEvent', { ...base, x, y, force, buttons: 1 });
  }

  async penUp({ x, y }: Reading): Promise<void> {
    const cdp = await this.#devtools();
    await cdp.send('Input.dispatchMouseEvent', {
      type: 'mouseReleased',
      x,
      y,
      pointerType: 'pen',
      button: 'left',
      clickCount: 1,
    });
  }

  /** Sends a touch event with these fingers. */
  async touch(type: 'touchStart' | 'touchMove' | 'touchEnd', fingers: readonly Reading[]): Promise<void> {
    const cdp = await this.#devtools();
    await cdp.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: fingers.map(({ x, y }, id) => ({ x, y, id, radiusX: 8, radiusY: 8 })),
    });
  }

  /** Sends touches in one go, each at its millisecond: how quick a hand is must not depend on the machine. */
  async gesture(
    events: readonly (readonly [
      at: number,
      type: 'touchStart' | 'touchMove' | 'touchEnd',
      fingers: readonly Reading[],
    ])[],
  ): Promise<void> {
    const cdp = await this.#devtools();
    const begun = Date.now();
    await Promise.all(
      events.map(([at, type, fingers]) =>
        cdp.send('Input.dispatchTouchEvent', {
          type,
          touchPoints: fingers.map(({ x, y }, id) => ({ x, y, id, radiusX: 8, radiusY: 8 })),
          timestamp: (begun + at) / 1000,
        }),
      ),
    );
  }

  /** The middle of the canvas, in CSS px of the window. */
  async middle(): Promise<Reading> {
    const box = await this.canvas.boundingBox();
    if (!box) throw new Error('The canvas is not shown.');
    return { x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 2) };
  }

  /** The canvas's own pixels in a rectangle of device pixels, RGBA. */
  async pixels(x: number, y: number, width: number, height: number): Promise<Buffer> {
    await this.settleFrames();
    const base64 = await this.canvas.evaluate(
      (canvas, rect) => {
        const context = (canvas as HTMLCanvasElement).getContext('2d')!;
        const { data } = context.getImageData(rect.x, rect.y, rect.width, rect.height);
        let text = '';
        for (let i = 0; i < data.length; i += 8192)
          text += String.fromCharCode(...data.subarray(i, i + 8192));
        return btoa(text);
      },
      { x, y, width, height },
    );
    return Buffer.from(base64, 'base64');
  }

  /** Two frames, and as many more as it takes until whatever was asked for is drawn. */
  async settleFrames(): Promise<void> {
    await this.page.evaluate(
      () =>
        new Promise((done) => {
          const look = (): void => {
            const drawing = document.querySelector('[data-testid=canvas]')?.getAttribute('data-settled');
            requestAnimationFrame(() => (drawing === 'false' ? look() : done(undefined)));
          };
          requestAnimationFrame(() => requestAnimationFrame(look));
        }),
    );
  }

  /** SHA-256 of the whole picture as the page shows it at 100%; the document has to fit into the canvas. */
  async shownHash(width: number, height: number): Promise<string> {
    await this.page.keyboard.press('Control+0');
    await this.page.keyboard.press('Control+1');
    await this.page.mouse.move(4, 4);
    const box = await this.canvas.boundingBox();
    if (!box || box.width < width || box.height < height)
      throw new Error('The document does not fit the canvas.');
    const left = Math.round((box.width - width) / 2);
    const top = Math.round((box.height - height) / 2);
    return createHash('sha256')
      .update(await this.pixels(left, top, width, height))
      .digest('hex');
  }

  /** SHA-256 of the flattened document as the studio has it on disk. */
  async storedHash(): Promise<string> {
    await this.saved();
    const bridge = await this.process.connect();
    const [file] = (await readdir(this.process.documentsFolder)).filter((each) =>
      each.endsWith(this.#suffix),
    );
    const state = await bridge.request('documents.open', { path: join(this.process.documentsFolder, file!) });
    return (await bridge.request('documents.pixel-hash', { documentId: state.id })).sha256;
  }

  #suffix = '.impasto';

  /** Later hashes are of this document. */
  watch(name: string): void {
    this.#suffix = `${name}.impasto`;
  }

  /** Writes a prompt and waits for a picture in the strip. */
  async generate(prompt: string): Promise<void> {
    await this.prompt.fill(prompt);
    await this.prompt.press('Enter');
    await expect(this.strip.getByRole('option', { name: /^Result/ })).not.toHaveCount(0, { timeout: 45_000 });
  }
}
