// Renders icon.svg into what the three platforms ask for: `node resources/icons/render-icons.mjs`.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

const here = import.meta.dirname;
const sizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024];

/** Size → PNG bytes; each is rendered from the drawing, not scaled from a neighbour. */
const pngs = new Map();
for (const size of sizes) {
  const png = await sharp(join(here, 'icon.svg'), { density: (72 * size) / 1024 })
    .resize(size, size)
    .png({ compressionLevel: 9 })
    .toBuffer();
  pngs.set(size, png);
  await writeFile(join(here, `${size}x${size}.png`), png);
}
await writeFile(join(here, 'icon.ico'), ico([16, 24, 32, 48, 64, 128, 256]));
await writeFile(
  join(here, 'icon.icns'),
  icns([
    ['icp4', 16],
    ['icp5', 32],
    ['icp6', 64],
    ['ic07', 128],
    ['ic08', 256],
    ['ic09', 512],
    ['ic10', 1024],
  ]),
);

/** Windows icon: ICONDIR, its entries, then PNGs as they are (accepted since Vista). */
function ico(chosen) {
  const header = Buffer.alloc(6 + 16 * chosen.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(chosen.length, 4);
  let offset = header.length;
  chosen.forEach((size, index) => {
    const { length } = pngs.get(size);
    const at = 6 + 16 * index;
    // 0 stands for 256.
    header.writeUInt8(size % 256, at);
    header.writeUInt8(size % 256, at + 1);
    header.writeUInt16LE(1, at + 4);
    header.writeUInt16LE(32, at + 6);
    header.writeUInt32LE(length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += length;
  });
  return Buffer.concat([header, ...chosen.map((size) => pngs.get(size))]);
}

/** Apple icon: 'icns', length, then type, length and PNG of each size. */
function icns(entries) {
  const blocks = entries.flatMap(([type, size]) => {
    const head = Buffer.from(`${type}....`);
    head.writeUInt32BE(8 + pngs.get(size).length, 4);
    return [head, pngs.get(size)];
  });
  const length = blocks.reduce((sum, block) => sum + block.length, 8);
  const head = Buffer.from('icns....');
  head.writeUInt32BE(length, 4);
  return Buffer.concat([head, ...blocks]);
}
