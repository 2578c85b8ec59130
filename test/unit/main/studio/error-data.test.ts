import { describe, expect, test } from 'vitest';
import { toErrorData } from '../../../../main/studio/error-data.ts';

describe('what was thrown, in words for a person', () => {
  test.each(['ENOSPC', 'EDQUOT', 'SQLITE_FULL'])('%s is a full disk, and no bug', (code) => {
    const bugs: unknown[] = [];
    const said = toErrorData(Object.assign(new Error('no room'), { code }), (bug) => bugs.push(bug));
    expect(said).toMatchObject({
      code: 'studio/disk-full',
      message: expect.stringMatching(/disk is full/) as string,
    });
    expect(bugs).toEqual([]);
  });

  test('anything unforeseen is a bug: told to the log, and not to the person', () => {
    const bugs: unknown[] = [];
    const bug = new TypeError('secret path');
    const said = toErrorData(bug, (each) => bugs.push(each));
    expect(said.code).toBe('studio/bug');
    expect(JSON.stringify(said)).not.toContain('secret path');
    expect(bugs).toEqual([bug]);
  });
});
