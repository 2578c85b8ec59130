import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createDocumentService,
  type DocumentService,
} from '../../../../../main/documents/document-service.ts';
import { builtInPress, builtInProfile } from '../../../../../main/documents/exchange/convert-profile.ts';
import { createFileService, type FileService } from '../../../../../main/documents/exchange/file-service.ts';
import { locateInstallation } from '../../../../../main/hosting/installation.ts';
import { launchNode } from '../../../../../main/inference/host/launch-node.ts';
import type { LaunchProcess, ProcessChannel } from '../../../../../main/inference/host/process-channel.ts';
import { scratchFolder } from '../../../../fixtures/scratch-folder.ts';

const root = scratchFolder();
const launchReal = launchNode(locateInstallation().entries);
let number = 0;
let folder: string;
let documents: DocumentService;
let service: FileService;
let channel: ProcessChannel | undefined;
const progress: string[] = [];

const launch: LaunchProcess = (entry) => (channel = launchReal(entry));

beforeEach(() => {
  channel = undefined;
  folder = join(root, `documents-${number++}`);
  documents = createDocumentService({ folder, anywhere: false });
  service = createFileService({
    folder,
    anywhere: false,
    launch,
    documents: async () => documents,
    onProgress: ({ jobId }) => progress.push(jobId),
  });
});
afterEach(() => {
  service.dispose();
  documents.dispose();
});

const png = (): Promise<Buffer> =>
  sharp({ create: { width: 40, height: 30, channels: 4, background: '#123456' } })
    .png()
    .toBuffer();

describe('the file service', () => {
  it('imports bytes as a document, and exports it as bytes while it is open', async () => {
    const { state, losses } = await service.import({ jobId: 'a', name: 'blue.png', source: await png() });
    expect(state).toMatchObject({ name: 'blue', width: 40, height: 30, depth: 8 });
    expect(losses).toEqual([]);
    documents.commit({
      documentId: state.id,
      label: 'Hide',
      changes: [{ type: 'layer-props', layerId: state.layers[0]?.id ?? '', props: { name: 'after' } }],
    });
    expect(await service.losses({ documentId: state.id, kind: 'psd' })).toEqual(['Left out: Undo history.']);
    const out = await service.export({
      jobId: 'b',
      documentId: state.id,
      settings: { kind: 'psd' },
      path: null,
    });
    expect(out.fileName).toBe('blue.psd');
    // The step that has just been made is in it: the other process reads what is on disk.
    expect(Buffer.from(out.bytes ?? []).includes(Buffer.from('after', 'utf16le').swap16())).toBe(true);
  });

  it('decodes a picture as a document has it: by its profile, in the depth of the document', async () => {
    const { state } = await service.import({ jobId: 'r', name: 'blue.png', source: await png() });
    const pixel = { r: 200, g: 60, b: 30 };
    const solid = sharp({ create: { width: 4, height: 2, channels: 3, background: pixel } });
    const raw = await solid.png().toBuffer();
    const first = async (documentId: string, bytes: Uint8Array): Promise<Uint8Array> =>
      (await service.decode({ documentId, name: 'p.png', bytes })).rgba;
    // Little CMS's own conversion is what the picture in Display P3 is made by.
    const inP3 = await sharp(raw).withIccProfile('p3').png().toBuffer();
    const numbers = await sharp(inP3, { ignoreIcc: true }).raw().toBuffer();
    expect(Math.abs(numbers[0]! - 200)).toBeGreaterThan(5);
    const shown = await first(state.id, inP3);
    for (const [i, value] of [200, 60, 30].entries())
      expect(Math.abs(shown[i]! - value)).toBeLessThanOrEqual(1);
    expect([...(await first(state.id, raw)).subarray(0, 4)]).toEqual([200, 60, 30, 255]);
    const wide = documents.create({
      name: 'wide',
      width: 8,
      height: 8,
      depth: 16,
      colourSpace: 'display-p3',
    });
    const deep = new Uint16Array((await first(wide.id, raw)).slice().buffer);
    for (const i of [0, 1, 2]) expect(Math.abs(deep[i]! / 257 - numbers[i]!)).toBeLessThanOrEqual(1);
    expect([...new Uint16Array((await first(wide.id, inP3)).slice().buffer)].slice(0, 3)).toEqual(
      [0, 1, 2].map((i) => numbers[i]! * 257),
    );
  });

  it('gives pixels of one document the numbers of another, so that they look the same', async () => {
    const { state } = await service.import({ jobId: 's', name: 'blue.png', source: await png() });
    const wide = documents.create({ name: 'wide', width: 8, height: 8, colourSpace: 'display-p3' });
    const solid = sharp({
      create: { width: 4, height: 2, channels: 3, background: { r: 200, g: 60, b: 30 } },
    });
    // Little CMS says which numbers of Display P3 look like these.
    const inP3 = await sharp(await solid.png().toBuffer())
      .withIccProfile('p3')
      .png()
      .toBuffer();
    const wanted = await sharp(inP3, { ignoreIcc: true }).raw().toBuffer();
    const size = { width: 4, height: 2 };
    const convert = async (
      documentId: string,
      pixel: readonly number[],
      colourSpace: 'srgb' | 'display-p3',
    ) => {
      const pixels = Uint8Array.from({ length: 32 }, (_, i) => pixel[i % 4]!);
      const given = { ...size, depth: 8 as const, pixels, colourSpace, profile: null };
      return [...(await service.convertPixels({ documentId, ...given })).pixels.subarray(0, 4)];
    };
    const there = await convert(wide.id, [200, 60, 30, 77], 'srgb');
    for (const i of [0, 1, 2]) expect(Math.abs(there[i]! - wanted[i]!)).toBeLessThanOrEqual(1);
    expect(Math.abs(there[0]! - 200)).toBeGreaterThan(5);
    expect(there[3]).toBe(77);
    const back = await convert(state.id, there, 'display-p3');
    for (const [i, value] of [200, 60, 30, 77].entries())
      expect(Math.abs(back[i]! - value)).toBeLessThanOrEqual(1);
    // The same colours stay as they are, of 16 bits too.
    const deep = Uint16Array.from({ length: 32 }, (_, i) => i * 2011);
    const pixels = new Uint8Array(deep.buffer);
    const same = { ...size, depth: 16 as const, pixels, colourSpace: 'srgb' as const, profile: null };
    expect((await service.convertPixels({ documentId: state.id, ...same })).pixels).toEqual(pixels);
    await expect(service.convertPixels({ documentId: state.id, ...same, height: 3 })).rejects.toMatchObject({
      code: 'files/pixels-missing',
    });
  });

  it('exports to a press by its profile and its intent, and to nothing that is none', async () => {
    const { state } = await service.import({ jobId: 'p', name: 'blue.png', source: await png() });
    const printed = async (blackPoint: boolean, profile: Uint8Array | null): Promise<Buffer> => {
      const { bytes } = await service.export({
        jobId: 'q',
        documentId: state.id,
        settings: { kind: 'tiff', press: { profile, intent: 'relative', blackPoint } },
        path: null,
      });
      const file = Buffer.from(bytes ?? []);
      expect((await sharp(file).metadata()).space).toBe('cmyk');
      return file;
    };
    const press = await builtInPress();
    const plain = await printed(false, null);
    expect(await printed(false, press.bytes)).toEqual(plain);
    // A dark blue has less black in it where black is the press' own.
    expect(await printed(true, null)).not.toEqual(plain);
    await expect(printed(false, await builtInProfile('srgb'))).rejects.toMatchObject({
      code: 'files/no-press',
    });
  });

  it('stops when told to, or when its process dies, and leaves nothing', async () => {
    const stopped = service.import({ jobId: 'c', name: 'blue.png', source: await png() });
    await expect.poll(() => channel?.pid).toBeDefined();
    service.stop({ jobId: 'c' });
    await expect(stopped).rejects.toMatchObject({ code: 'files/stopped' });
    channel = undefined;
    const died = service.import({ jobId: 'd', name: 'blue.png', source: await png() });
    const outcome = expect(died).rejects.toMatchObject({ code: 'files/converter-died' });
    await expect.poll(() => (channel as ProcessChannel | undefined)?.pid).toBeDefined();
    (channel as ProcessChannel | undefined)?.kill();
    await outcome;
    expect(readdirSync(folder).filter((name) => name.endsWith('.impasto'))).toEqual([]);
  });

  it('takes no paths from a browser', async () => {
    await expect(service.import({ jobId: 'e', name: 'passwd', source: '/etc/passwd' })).rejects.toMatchObject(
      {
        code: 'files/outside-folder',
      },
    );
    const { state } = await service.import({ jobId: 'f', name: '../../evil.png', source: await png() });
    expect(state.path).toBe(join(folder, 'evil.impasto'));
    await expect(
      service.export({ jobId: 'g', documentId: state.id, settings: { kind: 'png' }, path: '/tmp/x.png' }),
    ).rejects.toMatchObject({ code: 'files/outside-folder' });
  });
});
