import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { suite, test } from 'node:test';
import { decompressFrame, FrameCompressor } from '../../../src/store/json/frames/frame.ts';

suite('frames', () => {
  const lines = Buffer.from('2026-11-21T14:00:00.123456789Z I--- handed to the queue, 7 waiting\n'.repeat(9_000));
  const contents = [lines, Buffer.from('x'), randomBytes(700_000), lines.subarray(0, 300_000), randomBytes(200), lines];

  test('each is whole by itself, whatever one compressor made before it', async () => {
    using compressor = new FrameCompressor();
    const frames: Buffer[] = [];
    for (const content of contents) frames.push(await compressor.compress(content));
    for (const [index, frame] of frames.entries()) {
      const content = contents[index] ?? Buffer.alloc(0);
      assert.ok((await decompressFrame(frame, content.length)).equals(content), `frame ${index}`);
    }
    assert.ok((frames[0]?.length ?? 0) < lines.length / 20);
  });

  test('a bit that is wrong is noticed', async () => {
    using compressor = new FrameCompressor();
    await compressor.compress(lines);
    const frame = await compressor.compress(lines);
    frame[frame.length - 6] = (frame[frame.length - 6] ?? 0) ^ 1;
    await assert.rejects(decompressFrame(frame, lines.length));
  });

  test('what was disposed of makes no frame', async () => {
    const compressor = new FrameCompressor();
    compressor[Symbol.dispose]();
    await assert.rejects(compressor.compress(lines), /destroyed/);
  });
});
