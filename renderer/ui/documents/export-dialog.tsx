import { useEffect, useRef, useState } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { type ExportKind, type ExportSettings, StudioError } from '../../../preload/contract/index.ts';
import { exportFile } from '../../commands/files.ts';
import { useDocument } from '../../state/document/document-store.ts';
import { useFileJob } from '../../state/file-job-store.ts';
import { pressName, useProof } from '../../state/proof-store.ts';
import { SelectField } from '../controls/select-field.tsx';
import { ValueSlider } from '../controls/value-slider.tsx';
import { CheckField } from '../layers/effects/check-field.tsx';
import { useRoom } from '../workspace-context.tsx';
import { PressChoice } from './press-choice.tsx';

const KINDS: readonly { id: ExportKind; name: string }[] = [
  { id: 'png', name: 'PNG' },
  { id: 'psd', name: 'Photoshop (PSD)' },
  { id: 'psb', name: 'Photoshop, large (PSB)' },
  { id: 'ora', name: 'OpenRaster (ORA)' },
  { id: 'jpeg', name: 'JPEG' },
  { id: 'webp', name: 'WebP' },
  { id: 'avif', name: 'AVIF' },
  { id: 'tiff', name: 'TIFF' },
  { id: 'exr', name: 'OpenEXR, half float' },
];
const LAYERED: readonly ExportKind[] = ['psd', 'psb', 'ora'];
const WITH_QUALITY: readonly ExportKind[] = ['jpeg', 'webp', 'avif'];
const WITH_DEPTH: readonly ExportKind[] = ['png', 'tiff'];
const WITH_PRESS: readonly ExportKind[] = ['jpeg', 'tiff'];

const DEPTHS = [
  { id: 'own', name: 'As the document' },
  { id: '8', name: '8 bits a channel' },
  { id: '16', name: '16 bits a channel' },
] as const;
const PROFILES = [
  { id: 'own', name: 'As the document' },
  { id: 'srgb', name: 'sRGB' },
  { id: 'display-p3', name: 'Display P3' },
] as const;
const PRESS = { id: 'press', name: 'CMYK of a press' } as const;
const BACKGROUNDS = [
  { id: 'none', name: 'Transparent' },
  { id: 'white', name: 'White' },
  { id: 'black', name: 'Black' },
] as const;
const COLOURS: Readonly<Record<string, readonly [number, number, number]>> = {
  white: [255, 255, 255],
  black: [0, 0, 0],
};

const close = (): void => useFileJob.setState({ exportOpen: false });

/** What the chosen format cannot hold; null while it is being found out. */
function useLosses(kind: ExportKind): readonly string[] | null {
  const { workspace } = useRoom();
  const [losses, setLosses] = useState<{ kind: ExportKind; list: readonly string[] } | null>(null);
  const documentId = workspace.open?.session.id;
  useEffect(() => {
    let stale = false;
    if (documentId === undefined) return;
    workspace.link.request('files.losses', { documentId, kind }).then(
      (list) => {
        if (!stale) setLosses({ kind, list });
      },
      (error: unknown) => {
        if (!(error instanceof StudioError)) throw error;
        if (!stale) setLosses({ kind, list: [error.message] });
      },
    );
    return () => {
      stale = true;
    };
  }, [workspace, documentId, kind]);
  return losses?.kind === kind ? losses.list : null;
}

function Losses({ kind }: { kind: ExportKind }) {
  const losses = useLosses(kind);
  return (
    <section className="losses" aria-label="What the file will not hold" aria-live="polite">
      {losses === null && <p className="dim">Looking what it can hold…</p>}
      {losses?.length === 0 && <p className="dim">It holds everything.</p>}
      {losses !== null && losses.length > 0 && (
        <>
          <h3 className="field-label">What the file will not hold</h3>
          <ul>
            {losses.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

/** By what the colours of a press are made. */
function PressFields({ blackPoint, onBlackPoint }: PressFieldsProps) {
  const proof = useProof();
  return (
    <>
      <p className="dim caption">{pressName(proof)}</p>
      <PressChoice label="Intent" />
      <CheckField label="Black point compensation" value={blackPoint} onChange={onBlackPoint} />
    </>
  );
}

interface PressFieldsProps {
  readonly blackPoint: boolean;
  readonly onBlackPoint: (value: boolean) => void;
}

function ExportForm() {
  const { workspace } = useRoom();
  const { width, height } = useDocument();
  const [kind, setKind] = useState<ExportKind>('png');
  const [quality, setQuality] = useState(90);
  const [depth, setDepth] = useState('own');
  const [profile, setProfile] = useState('own');
  const [blackPoint, setBlackPoint] = useState(true);
  const [background, setBackground] = useState('none');
  const [percent, setPercent] = useState(100);
  const submit = useRef<HTMLButtonElement>(null);
  // Enter exports right away: most exports are like the last one.
  useEffect(() => submit.current?.focus(), []);
  const flat = !LAYERED.includes(kind);
  const mayPrint = WITH_PRESS.includes(kind);
  const prints = mayPrint && profile === PRESS.id;
  const colours = (): Pick<ExportSettings, 'press' | 'profile'> => {
    if (prints) {
      const { press, intent } = useProof.getState();
      return { press: { profile: press?.bytes ?? null, intent, blackPoint } };
    }
    return profile === 'srgb' || profile === 'display-p3' ? { profile } : {};
  };
  const start = (): void => {
    const settings: ExportSettings = {
      kind,
      ...(WITH_QUALITY.includes(kind) && { quality: Math.round(quality) }),
      ...(WITH_DEPTH.includes(kind) && !prints && depth !== 'own' && { depth: depth === '16' ? 16 : 8 }),
      ...(flat && kind !== 'exr' && colours()),
      ...(flat && background !== 'none' && { background: COLOURS[background] }),
      ...(flat && percent !== 100 && { scale: percent / 100 }),
    };
    close();
    void exportFile(workspace, settings);
  };
  const size = (edge: number): number => Math.max(1, Math.round((edge * percent) / 100));
  return (
    <div className="new-document export-form">
      <SelectField
        label="Format"
        value={kind}
        options={KINDS}
        onChange={(id) => setKind(KINDS.find((each) => each.id === id)?.id ?? 'png')}
      />
      {WITH_QUALITY.includes(kind) && (
        <ValueSlider label="Quality" value={quality} minimum={1} maximum={100} onChange={setQuality} />
      )}
      {WITH_DEPTH.includes(kind) && !prints && (
        <SelectField label="Depth" value={depth} options={DEPTHS} onChange={setDepth} />
      )}
      {flat && kind !== 'exr' && (
        <SelectField
          label="Profile"
          value={profile === PRESS.id && !mayPrint ? 'own' : profile}
          options={mayPrint ? [...PROFILES, PRESS] : PROFILES}
          onChange={setProfile}
        />
      )}
      {prints && <PressFields blackPoint={blackPoint} onBlackPoint={setBlackPoint} />}
      {flat && (
        <>
          <SelectField
            label="Background"
            value={(kind === 'jpeg' || prints) && background === 'none' ? 'white' : background}
            options={kind === 'jpeg' || prints ? BACKGROUNDS.slice(1) : BACKGROUNDS}
            onChange={setBackground}
          />
          <ValueSlider label="Size, %" value={percent} minimum={5} maximum={400} onChange={setPercent} />
          <p className="dim caption">
            {size(width)} × {size(height)} pixels
          </p>
        </>
      )}
      <Losses kind={kind} />
      <div className="actions">
        <Button className="button" onPress={close}>
          Cancel
        </Button>
        <Button className="button primary" ref={submit} onPress={start}>
          Export
        </Button>
      </div>
    </div>
  );
}

/** Format and settings of a file that leaves the studio, and what it will not hold. */
export function ExportDialog() {
  const isOpen = useFileJob((state) => state.exportOpen);
  return (
    <ModalOverlay
      className="overlay"
      isOpen={isOpen}
      isDismissable
      onOpenChange={(open) => useFileJob.setState({ exportOpen: open })}
    >
      <Modal className="dialog">
        <Dialog>
          <Heading slot="title" level={2}>
            Export
          </Heading>
          <ExportForm />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
