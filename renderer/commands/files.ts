import { type ExportSettings, MAX_UPLOAD_BYTES, StudioError } from '../../preload/contract/index.ts';
import type { Change } from '../engine/changes.ts';
import { cutTiles } from '../engine/formats/cut-tiles.ts';
import { foreignFormat, HEAD_BYTES } from '../engine/formats/foreign-format.ts';
import { layerRecord } from '../engine/layers/layer-record.ts';
import { colourFormat } from '../engine/tiles/tile.ts';
import { lookAtPicture } from '../generation/found-settings.ts';
import { useGeneration } from '../generation/generation-store.ts';
import { useDocument } from '../state/document/document-store.ts';
import { useFileJob } from '../state/file-job-store.ts';
import { useLayout } from '../state/layout-store.ts';
import { tell } from '../state/status-store.ts';
import { download } from './download.ts';
import { placeAboveActive } from '../state/document/place-above.ts';
import type { Workspace } from './workspace.ts';

/** Endings of the files that are documents of layers or become one, whatever is open. */
const LAYERED = /\.(?:psd|psb|ora|kra|xcf|exr)$/i;
/** Endings of models, which are read where they lie. */
const MODEL_FILE = /\.(?:safetensors|ckpt|pt|pth|onnx|gguf)$/i;
/** Endings of the files that may say how they were made. */
const MAY_TELL = /\.(?:png|jpe?g|webp)$/i;
/** Endings of all picture files that can come in. */
const PICTURE_FILES = '.psd,.psb,.ora,.kra,.xcf,.png,.jpg,.jpeg,.webp,.avif,.tif,.tiff,.gif,.exr';

const MEDIA_TYPES: Readonly<Record<ExportSettings['kind'], string>> = {
  psd: 'image/vnd.adobe.photoshop',
  psb: 'image/vnd.adobe.photoshop',
  ora: 'image/openraster',
  png: 'image/png',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  avif: 'image/avif',
  tiff: 'image/tiff',
  exr: 'image/x-exr',
};

/** Makes a document of a picture file and opens it; what could not stay as it was is told. */
export async function openPictureFile(workspace: Workspace, file: File | string): Promise<void> {
  const name = typeof file === 'string' ? (file.split(/[\\/]/).at(-1) ?? file) : file.name;
  await withJob(workspace, `Opening ${name}`, async (jobId) => {
    const source = typeof file === 'string' ? file : await bytesOf(file);
    const { state, losses } = await workspace.link.request('files.import', { jobId, name, source });
    await workspace.openState(state);
    if (losses.length === 0) return;
    tell({
      level: 'warn',
      message: losses[0] ?? '',
      remedy: `${name} is unchanged.`,
      action: {
        label: 'Which',
        run: () => useLayout.setState({ importReport: [{ name, notes: losses }] }),
      },
    });
  });
}

/** Exports the document; the file goes where a dialog says, or to the browser's downloads. */
export async function exportFile(workspace: Workspace, settings: ExportSettings): Promise<void> {
  const { open } = workspace;
  if (!open) return;
  const { name } = useDocument.getState();
  const ending = { jpeg: 'jpg', tiff: 'tif' }[settings.kind as string] ?? settings.kind;
  const { dialogs } = workspace.link;
  const path = dialogs ? await dialogs.exportFile(`${name}.${ending}`) : null;
  if (dialogs && path === null) return;
  await withJob(workspace, `Exporting ${name}.${ending}`, async (jobId) => {
    await open.session.settled();
    const file = await workspace.link.request('files.export', {
      jobId,
      documentId: open.session.id,
      settings,
      path,
    });
    if (file.bytes) download(file.fileName, file.bytes, MEDIA_TYPES[settings.kind]);
    const waiting = useGeneration.getState().strip.filter((item) => item.kind === 'result').length;
    tell({
      level: waiting > 0 ? 'warn' : 'info',
      message: `Exported ${file.fileName}`,
      remedy: waiting > 0 ? `${waiting} previews are not in it: they were not accepted.` : '',
    });
  });
}

/** Takes files that were dropped or pasted: layered ones and the first of all become documents, flat ones layers. */
export async function takeFiles(workspace: Workspace, files: readonly File[]): Promise<void> {
  for (const file of files) {
    if (LAYERED.test(file.name) || !workspace.open) await openPictureFile(workspace, file);
    else {
      await addPictureLayer(workspace, file);
      if (MAY_TELL.test(file.name)) await lookAtPicture(workspace.link, file, true);
    }
  }
}

/** Says of dropped files that they cannot come in here, what the first is where that is known, and what can be done. */
export async function refuseFiles(files: readonly File[]): Promise<void> {
  const [first] = files;
  if (!first) return;
  const more = files.length > 1 ? ` and ${files.length - 1} more` : '';
  const head = await first.slice(0, HEAD_BYTES).arrayBuffer();
  const foreign = foreignFormat(new Uint8Array(head), first.name);
  const what = foreign && files.length === 1 ? ` is ${foreign.name} and` : more;
  tell({
    level: 'warn',
    message: `${first.name}${what} cannot be opened here. Nothing was changed.`,
    remedy: foreign?.remedy ?? wayFor(first.name),
  });
}

/** What to do with a file that is no picture. */
function wayFor(name: string): string {
  if (/\.impasto$/i.test(name)) return 'Open it from the list of documents (File, Open).';
  if (MODEL_FILE.test(name)) return 'Add the folder it lies in (File, Use my models).';
  return 'Drop a picture (PSD, ORA, KRA, XCF, PNG, JPEG, WebP, AVIF, TIFF, GIF, EXR) or brushes (ABR, MYB, GBR, GIH, VBR).';
}

/** Adds a flat picture as a layer above the active one, in the middle of the canvas. */
async function addPictureLayer(workspace: Workspace, file: File): Promise<void> {
  const { open } = workspace;
  if (!open) return;
  try {
    const name = file.name || 'Pasted';
    const { session } = open;
    const { document } = session;
    const bytes = await bytesOf(file);
    const picture = await workspace.link.request('files.decode', { documentId: session.id, name, bytes });
    const format = colourFormat(document.format.depth);
    const layer = layerRecord({
      id: crypto.randomUUID(),
      name: name.replace(/\.[^.]+$/, '').slice(0, 256) || 'Pasted',
    });
    const place = placeAboveActive(session);
    const block = {
      x: Math.round((document.width - picture.width) / 2),
      y: Math.round((document.height - picture.height) / 2),
      width: picture.width,
      height: picture.height,
      data: document.format.depth === 16 ? new Uint16Array(picture.rgba.slice().buffer) : picture.rgba,
    };
    const tiles = Array.from(cutTiles(block, format));
    const changes: Change[] = [
      { type: 'layer-add', layer: { ...layer, parent: place.parent }, ...place },
      { type: 'tiles', layerId: layer.id, tiles },
    ];
    session.record('Place picture', changes);
    session.chooseLayer(layer.id);
  } catch (error) {
    explain(error);
  }
}

/** Stops the file that is on its way. */
export function stopFileJob(workspace: Workspace): void {
  const { job } = useFileJob.getState();
  if (job) void workspace.link.request('files.stop', { jobId: job.id }).catch(() => undefined);
}

/** Asks for a picture file of this computer and opens it. */
export function choosePictureFile(workspace: Workspace): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = PICTURE_FILES;
  input.addEventListener('change', () => {
    const [file] = input.files ?? [];
    if (file) void openPictureFile(workspace, file);
  });
  input.click();
}

async function bytesOf(file: File): Promise<Uint8Array> {
  if (file.size > MAX_UPLOAD_BYTES)
    throw new StudioError(
      'files/too-large',
      `${file.name} has ${Math.round(file.size / 2 ** 20)} MB; up to ${MAX_UPLOAD_BYTES / 2 ** 20} MB can be handed over.`,
      'Open it by its path in the desktop studio, or with "impasto convert".',
    );
  return new Uint8Array(await file.arrayBuffer());
}

/** Runs with the progress shown, until it ends, fails or is stopped. */
async function withJob(
  workspace: Workspace,
  title: string,
  run: (jobId: string) => Promise<void>,
): Promise<void> {
  const id = crypto.randomUUID();
  useFileJob.setState({ job: { id, title, share: 0, what: '' } });
  const unsubscribe = workspace.link.subscribe((event) => {
    const { job } = useFileJob.getState();
    if (event.name !== 'files.progress' || event.payload.jobId !== id || job?.id !== id) return;
    useFileJob.setState({ job: { ...job, share: event.payload.share, what: event.payload.what } });
  });
  try {
    await run(id);
  } catch (error) {
    explain(error);
  } finally {
    unsubscribe();
    if (useFileJob.getState().job?.id === id) useFileJob.setState({ job: null });
  }
}

function explain(error: unknown): void {
  if (!(error instanceof StudioError)) throw error;
  tell({
    level: error.code === 'files/stopped' ? 'info' : 'bad',
    message: error.message,
    remedy: error.remedy,
  });
}
