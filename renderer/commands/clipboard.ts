import { centredOn, copyLayer, copyVisible, pasteChanges } from '../engine/merge/copy-pixels.ts';
import { intersectRect, isEmptyRect, type Rect } from '../engine/geometry/rect.ts';
import type { MergedPixels } from '../engine/merge/merge-layers.ts';
import { StudioError } from '../../preload/contract/index.ts';
import { ownColours } from '../canvas/shown-through.ts';
import type { DocumentFormat } from '../engine/document-format.ts';
import { useView } from '../canvas/view-store.ts';
import { toDocument } from '../canvas/view-transform.ts';
import type { DocumentSession } from '../state/document/document-session.ts';
import { placeAboveActive } from '../state/document/place-above.ts';
import { tell } from '../state/status-store.ts';
import { takeFiles } from './files.ts';
import { clearLayer, freeName } from './layer-edits.ts';
import { recordEdit } from './record-edit.ts';
import type { Workspace } from './workspace.ts';

/** Pixels that are converted at a time: 16 MiB of 8 bits. */
const STRIP_PIXELS = 4 * 2 ** 20;

/** What was copied last in this window, and what its numbers mean; it outlives the document it is from. */
let copied: (MergedPixels & { readonly format: DocumentFormat }) | null = null;

/** Copies what the active layer shows, or the selected part of it. @returns false when there is nothing to copy. */
export function copyActive(session: DocumentSession): boolean {
  const { document, activeLayerId, selection } = session;
  if (activeLayerId === null) return false;
  return keep(
    copyLayer(document, activeLayerId, selection.mask),
    document.format,
    `"${document.layers.get(activeLayerId).record.name}" has nothing to copy here.`,
  );
}

/** Copies what is seen, or the selected part of it. */
export function copyMerged({ document, selection }: DocumentSession): boolean {
  return keep(copyVisible(document, selection.mask), document.format, 'Nothing is visible here to copy.');
}

/** Copies the selected part of the active layer and clears it there. */
export function cutActive(session: DocumentSession): void {
  const { activeLayerId } = session;
  if (activeLayerId !== null && copyActive(session)) clearLayer(session, activeLayerId);
}

/**
 * Adds what was copied as a layer above the active one: in the middle of the selection, else of what is seen. It looks as it
 * did in the document that it is from.
 */
export async function pasteCopied(workspace: Workspace, place: 'middle' | 'in-place'): Promise<void> {
  if (!workspace.open) return;
  const { session } = workspace.open;
  if (!copied) {
    tell({ level: 'info', message: 'Nothing was copied yet.', remedy: 'Select a part and copy it first.' });
    return;
  }
  const pixels = await inColoursOf(workspace, session, copied);
  // Another document was opened meanwhile, or it could not be done, which is told.
  if (!pixels || workspace.open?.session !== session) return;
  const at = place === 'in-place' ? pixels.rect : centredOn(pixels.rect, middleOf(session));
  const id = crypto.randomUUID();
  const layer = { id, name: freeName(session, 'Pasted') };
  const { document } = session;
  if (
    recordEdit(session, 'Paste', () => pasteChanges(document, pixels, at, layer, placeAboveActive(session)))
  )
    session.chooseLayer(id);
}

/** Takes what the system's clipboard brought: pictures of other programs, or what was copied here. */
export async function pasteFiles(workspace: Workspace, files: readonly File[]): Promise<void> {
  const { open } = workspace;
  const [first] = files;
  if (open && (!first || (await isCopied(first)))) await pasteCopied(workspace, 'middle');
  else if (first) await takeFiles(workspace, files.map(named));
}

/** Browsers call every copied picture `image.png`. */
function named(file: File): File {
  return file.name === 'image.png' ? new File([file], 'Pasted.png', { type: file.type }) : file;
}

/** Pastes by menu or by a key of one's own: the system's clipboard is read where this page may. */
export async function paste(workspace: Workspace): Promise<void> {
  const files: File[] = [];
  try {
    for (const item of await navigator.clipboard.read()) {
      const type = item.types.find((each) => each.startsWith('image/'));
      if (type !== undefined) files.push(new File([await item.getType(type)], 'Pasted.png', { type }));
    }
  } catch {
    // Not allowed: what was copied here is still there.
  }
  await pasteFiles(workspace, files);
}

/** True for the picture that was offered to others: the one from here has its place and its depth. */
async function isCopied(file: File): Promise<boolean> {
  if (!copied) return false;
  const picture = await createImageBitmap(file).catch(() => null);
  const same = picture?.width === copied.rect.width && picture.height === copied.rect.height;
  picture?.close();
  return same;
}

/** Copied pixels in a document's colours; null where that failed, which is told. */
async function inColoursOf(
  { link }: Workspace,
  session: DocumentSession,
  given: NonNullable<typeof copied>,
): Promise<MergedPixels | null> {
  const { colourSpace, profile } = given.format;
  const wanted = session.document.format;
  if (colourSpace === wanted.colourSpace && sameBytes(profile, wanted.profile)) return given;
  const { width, height } = given.rect;
  const pixels = given.pixels.slice();
  const rows = Math.max(1, Math.floor(STRIP_PIXELS / width));
  try {
    for (let y = 0; y < height; y += rows) {
      const part = pixels.subarray(y * width * 4, Math.min(height, y + rows) * width * 4);
      const converted = await link.request('files.convert-pixels', {
        documentId: session.id,
        width,
        height: Math.min(rows, height - y),
        depth: pixels instanceof Uint16Array ? 16 : 8,
        pixels: new Uint8Array(part.buffer, part.byteOffset, part.byteLength),
        colourSpace,
        profile,
      });
      new Uint8Array(part.buffer, part.byteOffset, part.byteLength).set(converted.pixels);
    }
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    tell({ level: 'bad', message: error.message, remedy: error.remedy });
    return null;
  }
  return { rect: given.rect, pixels };
}

function sameBytes(one: Uint8Array | null, other: Uint8Array | null): boolean {
  if (one === other) return true;
  return one?.length === other?.length && one?.every((value, i) => value === other?.[i]) === true;
}

/** What a pasted picture is put in the middle of. */
function middleOf({ document, selection }: DocumentSession): Rect {
  if (selection.mask) return selection.mask.bounds();
  const seen = intersectRect(seenRect(), document.canvas);
  return isEmptyRect(seen) ? document.canvas : seen;
}

/** The upright rectangle of the document around what the window shows. */
function seenRect(): Rect {
  const { view, screenWidth, screenHeight } = useView.getState();
  const corners = [0, screenWidth].flatMap((x) => [0, screenHeight].map((y) => toDocument(view, { x, y })));
  const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)];
  const [left, top] = [Math.floor(Math.min(...xs)), Math.floor(Math.min(...ys))];
  return {
    x: left,
    y: top,
    width: Math.ceil(Math.max(...xs)) - left,
    height: Math.ceil(Math.max(...ys)) - top,
  };
}

function keep(pixels: MergedPixels | null, format: DocumentFormat, otherwise: string): boolean {
  if (!pixels) {
    tell({ level: 'info', message: otherwise, remedy: '' });
    return false;
  }
  copied = { ...pixels, format };
  const { width, height } = pixels.rect;
  tell({ level: 'info', message: `Copied ${width} × ${height} pixels`, remedy: '' });
  void offerToOthers(pixels, format);
  return true;
}

/** Puts the picture, as it looks, where other programs find it, as far as this page may. */
async function offerToOthers({ rect, pixels }: MergedPixels, format: DocumentFormat): Promise<void> {
  const bytes =
    pixels instanceof Uint16Array ? Uint8ClampedArray.from(pixels, (value) => value / 257) : pixels;
  const seen = ownColours()?.(bytes) ?? bytes;
  const image = new ImageData(seen, rect.width, rect.height, { colorSpace: format.colourSpace });
  const canvas = new OffscreenCanvas(rect.width, rect.height);
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  const png = canvas.convertToBlob({ type: 'image/png' });
  try {
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': png })]);
  } catch {
    // Not allowed, or the window is not in front: within the studio it is copied all the same.
  }
}
