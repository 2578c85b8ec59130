import { expect, test } from 'vitest';
import { refusePickle } from '../../../../main/models/refuse-pickle.ts';

test.each(['old.ckpt', 'x.pt', 'x.pth', 'diffusion_pytorch_model.bin', 'OLD.CKPT'])(
  'text 13: %s is not opened',
  (name) => {
    expect(() => refusePickle(`/models/${name}`)).toThrow(
      expect.objectContaining({
        code: 'pickle-refused',
        message: `${name} can run code when opened, so it is not opened. The file is untouched.`,
        remedy: 'Get its .safetensors version.',
      }),
    );
  },
);

test('what only looks like one goes on', () => {
  for (const path of ['/a.ckpt/b.safetensors', '/models/bin', '/x.ckpt.safetensors']) refusePickle(path);
});
