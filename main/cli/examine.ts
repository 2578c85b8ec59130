import { existsSync } from 'node:fs';
import { release } from 'node:os';
import { studioFolders } from '../hosting/folders.ts';
import { locateInstallation } from '../hosting/installation.ts';
import type { DeviceReport, DeviceVerdict } from '../inference/devices/device-report.ts';
import { probeDevices } from '../inference/devices/probe-devices.ts';
import { createInferenceHost } from '../inference/host/create-inference-host.ts';
import { launchNode } from '../inference/host/launch-node.ts';
import { expectedErrorData } from '../studio/error-data.ts';
import { EXIT } from './exit-codes.ts';
import type { Outcome } from './run-action.ts';

/** Tries devices and worker of this installation anew; its exit code is 1 when pictures cannot be made. */
export async function examine(): Promise<Outcome> {
  const installation = locateInstallation();
  const launch = launchNode(installation.entries);
  const devices = await probeDevices({ launch });
  const worker = await tryWorker(launch);
  const folders = studioFolders();
  const embedded = existsSync(installation.embeddedModel);
  const report = {
    impasto: installation.version,
    node: process.versions.node,
    onnxruntime: worker.onnxruntime,
    platform: `${process.platform} ${process.arch} ${release()}`,
    worker: worker.problem ?? 'starts',
    embeddedModel: embedded ? installation.embeddedModel : null,
    folders,
    devices,
  };
  const works = worker.problem === null && embedded;
  return { text: describe(report), json: report, exitCode: works ? EXIT.done : EXIT.failed };
}

async function tryWorker(
  launch: ReturnType<typeof launchNode>,
): Promise<{ onnxruntime: string | null; problem: string | null }> {
  const host = createInferenceHost({ launch });
  try {
    const { onnxruntime } = await host.start();
    return { onnxruntime, problem: null };
  } catch (error) {
    const data = expectedErrorData(error);
    if (data === null) throw error;
    return { onnxruntime: null, problem: `${data.message} ${data.remedy}` };
  } finally {
    await host.dispose();
  }
}

function describe(report: {
  impasto: string;
  node: string;
  onnxruntime: string | null;
  platform: string;
  worker: string;
  embeddedModel: string | null;
  folders: { data: string; documents: string };
  devices: DeviceReport;
}): string {
  const { devices, folders } = report;
  const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  return [
    `Impasto ${report.impasto}, Node ${report.node}, ONNX Runtime ${report.onnxruntime ?? 'unknown'}, ${report.platform}`,
    `Memory: ${gib(devices.freeMemoryBytes)} of ${gib(devices.memoryBytes)} free; ${devices.cores} cores`,
    `Pictures are made on: ${devices.chosen} (${devices.compute.threads} threads, ${devices.compute.precision})`,
    ...devices.tried.map((verdict) => describeVerdict(verdict, devices.chosen)),
    `Inference process: ${report.worker}`,
    `Embedded model: ${report.embeddedModel ?? 'missing; install Impasto again'}`,
    `Data: ${folders.data}`,
    `Documents: ${folders.documents}`,
  ].join('\n');
}

function describeVerdict(
  { provider, name, verdict, reason, milliseconds }: DeviceVerdict,
  chosen: string,
): string {
  const mark = provider === chosen ? '>' : ' ';
  return `${mark} ${provider.padEnd(9)}${verdict.padEnd(9)} ${name === '' ? '' : `${name}: `}${reason} (${milliseconds} ms)`;
}
