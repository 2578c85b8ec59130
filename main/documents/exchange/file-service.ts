import { mkdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import type {
  DocumentState,
  EventPayload,
  ParsedParams,
  RequestResult,
} from '../../../preload/contract/index.ts';
import { StudioError } from '../../../preload/contract/index.ts';
import type { LaunchProcess } from '../../inference/host/process-channel.ts';
import type { DocumentService } from '../document-service.ts';
import { freePath } from '../free-path.ts';
import {
  builtInPress,
  builtInProfile,
  convertPicture,
  profileFromBytes,
  type TargetProfile,
} from './convert-profile.ts';
import { runConverter } from './converter/run-converter.ts';
import type { ConverterJob } from './converter/protocol.ts';
import { decodeRaster } from './decode-raster.ts';
import { colourTable, TABLE_EDGE } from './colour-table.ts';
import { documentProfile } from './document-profile.ts';
import { encodeRaster, overBackground } from './encode-raster.ts';
import { extensionOf } from './file-kind.ts';
import { flattenStored } from './flatten-stored.ts';
import { heldContent } from './held-content.ts';
import { lossesOnExport, lossSentences } from './losses.ts';
import { SILENT } from './progress.ts';
import { type FlatPicture, inDepth, samplesOf } from './raster.ts';
import { refuseEmpty, toStudioError } from './read-picture-file.ts';
import { proofTable, softProof } from './soft-proof.ts';

/** What the file service is made with. */
export interface FileServiceOptions {
  /** Documents made of other files lie here. */
  readonly folder: string;
  /** True where paths from the page may be trusted: a native dialog chose them. */
  readonly anywhere: boolean;
  readonly launch: LaunchProcess;
  readonly documents: () => Promise<DocumentService>;
  readonly onProgress: (progress: EventPayload<'files.progress'>) => void;
}

/** Answers the contract's `files.*` requests. */
export interface FileService {
  import(params: ParsedParams<'files.import'>): Promise<RequestResult<'files.import'>>;
  losses(params: ParsedParams<'files.losses'>): Promise<RequestResult<'files.losses'>>;
  export(params: ParsedParams<'files.export'>): Promise<RequestResult<'files.export'>>;
  stop(params: ParsedParams<'files.stop'>): RequestResult<'files.stop'>;
  decode(params: ParsedParams<'files.decode'>): Promise<RequestResult<'files.decode'>>;
  convertPixels(params: ParsedParams<'files.convert-pixels'>): Promise<RequestResult<'files.convert-pixels'>>;
  proof(params: ParsedParams<'files.proof'>): Promise<RequestResult<'files.proof'>>;
  proofTable(params: ParsedParams<'files.proof-table'>): Promise<RequestResult<'files.proof-table'>>;
  colourTable(params: ParsedParams<'files.colour-table'>): Promise<RequestResult<'files.colour-table'>>;
  /** Stops everything. */
  dispose(): void;
}

/** Files of other programs in and out, each in a converter process of its own. */
export function createFileService(options: FileServiceOptions): FileService {
  const { folder, anywhere, launch, documents, onProgress } = options;
  const running = new Map<string, AbortController>();

  const work = async (jobId: string, job: ConverterJob): ReturnType<typeof runConverter> => {
    const abort = new AbortController();
    running.set(jobId, abort);
    try {
      return await runConverter(launch, job, {
        signal: abort.signal,
        onProgress: (share, what) => onProgress({ jobId, share, what }),
      });
    } finally {
      running.delete(jobId);
    }
  };

  const mayName = (path: string): string => {
    if (anywhere) return path;
    throw new StudioError(
      'files/outside-folder',
      'From a browser, files come in and go out through the page. Nothing was changed.',
      'Use the desktop studio to name a path.',
    );
  };

  return {
    async import({ jobId, name, source }) {
      const shown = basename(name);
      return inTemporary(async (temporary) => {
        let path: string;
        if (typeof source === 'string') path = mayName(source);
        else {
          path = join(temporary, `upload${extname(shown).slice(0, 16)}`);
          await writeFile(path, source);
        }
        mkdirSync(folder, { recursive: true });
        const target = freePath(folder, basename(shown, extname(shown)));
        const result = await work(jobId, { type: 'import', source: path, name: shown, target });
        if (result.type !== 'imported') throw new Error('the converter answered another question');
        const state = (await documents()).open({ path: target });
        const { losses, layers } = result.imported;
        return { state, losses: lossSentences(losses, layers, 'import') };
      });
    },

    async losses({ documentId, kind }) {
      const document = (await documents()).stored(documentId);
      const content = heldContent(document, kind);
      return lossSentences(lossesOnExport(content, kind), content.layers.length, 'export');
    },

    async export({ jobId, documentId, settings, path }) {
      const document = (await documents()).stored(documentId);
      const fileName = `${document.state().name}.${extensionOf(settings.kind)}`;
      return inTemporary(async (temporary) => {
        const target = path === null ? join(temporary, 'export') : mayName(path);
        const { press, ...plain } = settings;
        const profile = join(temporary, 'press.icc');
        if (press) await writeFile(profile, (await pressOf(press.profile)).bytes);
        await work(jobId, {
          type: 'export',
          document: document.path,
          target,
          // The native dialog has asked already.
          overwrite: true,
          options: press ? { ...plain, profile, intent: press.intent, blackPoint: press.blackPoint } : plain,
        });
        if (path !== null) return { fileName: basename(path), bytes: null };
        return { fileName, bytes: new Uint8Array(await readFile(target)) };
      });
    },

    stop({ jobId }) {
      running.get(jobId)?.abort();
      return {};
    },

    async decode({ documentId, name, bytes }) {
      const state = (await documents()).stored(documentId).state();
      refuseEmpty(bytes, name);
      try {
        const { picture } = await decodeRaster(bytes);
        const { width, height, data } = inDepth(await inColoursOf(picture, state), state.depth);
        return { width, height, rgba: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
      } catch (error) {
        throw toStudioError(error, name);
      }
    },

    async convertPixels({ documentId, width, height, depth, pixels, ...colours }) {
      const state = (await documents()).stored(documentId).state();
      if (pixels.byteLength !== (width * height * 4 * depth) / 8)
        throw new StudioError(
          'files/pixels-missing',
          `${width} × ${height} pixels were announced, and ${pixels.byteLength} bytes came. Nothing was changed.`,
          'Copy the part again.',
        );
      const profile = await documentProfile(colours);
      try {
        const data = samplesOf(pixels, depth);
        const converted = await inColoursOf({ width, height, depth, data, profile }, state);
        const { buffer, byteOffset, byteLength } = converted.data;
        return { pixels: new Uint8Array(buffer, byteOffset, byteLength) };
      } catch (error) {
        throw toStudioError(error, 'what was copied');
      }
    },

    async proof({ documentId, profile, gamutWarning, intent }) {
      const document = (await documents()).stored(documentId);
      const picture = overBackground(await flattenStored(document, SILENT), [255, 255, 255]);
      const press = profile ? profileFromBytes(profile) : await builtInPress();
      const source = await documentProfile(document.state());
      const proof = await softProof(picture, source, press, { warn: gamutWarning, intent });
      const png = await encodeRaster(proof.picture, { kind: 'png', quality: 100, resolution: null });
      return { png, outOfGamut: proof.outOfGamut };
    },

    async proofTable({ documentId, profile, intent }) {
      const state = (await documents()).stored(documentId).state();
      const press = profile ? profileFromBytes(profile) : await builtInPress();
      const table = await proofTable(await documentProfile(state), state.colourSpace, press, intent);
      return { edge: TABLE_EDGE, table };
    },

    async colourTable({ documentId }) {
      const { profile, colourSpace } = (await documents()).stored(documentId).state();
      const table = profile && (await colourTable(profile, colourSpace));
      return table && { edge: TABLE_EDGE, table };
    },

    dispose() {
      for (const abort of running.values()) abort.abort();
    },
  };
}

/** A picture by its own profile in the colours of a document; where both mean the same, its numbers stay. */
async function inColoursOf(
  picture: FlatPicture,
  state: Pick<DocumentState, 'profile' | 'colourSpace'>,
): Promise<FlatPicture> {
  const wanted = await documentProfile(state);
  const { profile } = picture;
  if (profile === wanted || (profile && wanted && Buffer.compare(profile, wanted) === 0)) return picture;
  return inTemporary(async (folder) => {
    const location = join(folder, 'document.icc');
    const bytes = wanted ?? (await builtInProfile('srgb'));
    await writeFile(location, bytes);
    return convertPicture(picture, profile, { bytes, location, space: 'RGB ' });
  });
}

/** @param profile null for general CMYK. @throws StudioError `files/no-press` for a profile of something else. */
async function pressOf(profile: Uint8Array | null): Promise<TargetProfile> {
  const press = profile ? profileFromBytes(profile) : await builtInPress();
  if (press.space === 'CMYK') return press;
  throw new StudioError(
    'files/no-press',
    'The profile is none of a press: its colours are not CMYK. Nothing was written.',
    'Choose the .icc file that the printer names.',
  );
}

async function inTemporary<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'impasto-files-'));
  try {
    return await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
