import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { escapeText, html, trusted } from '../../src/web/html.ts';

test('values are escaped unless they are markup already', () => {
  const inner = html`<b>${'a & b'}</b>`;
  assert.equal(
    html`<p title="${`"x'`}">${inner}${'<i>'}</p>`.toString(),
    '<p title="&quot;x&#39;"><b>a &amp; b</b>&lt;i&gt;</p>',
  );
});

test('lists are joined, and nothing stands for null, undefined and false', () => {
  assert.equal(html`${[html`<i>1</i>`, '<', 2, [null]]}${null}${undefined}${false}${0}`.toString(), '<i>1</i>&lt;20');
  assert.equal(html`${trusted('<hr>')}`.toString(), '<hr>');
});

test('control, bidirectional and invisible characters are made visible; tabs and line ends stay', () => {
  assert.equal(escapeText('\u001b[31mred\u001b[0m'), '⟨ESC⟩[31mred⟨ESC⟩[0m');
  assert.equal(escapeText('a\u0000b\r\n\tc\u007f'), 'a⟨NUL⟩b⟨CR⟩\n\tc⟨DEL⟩');
  assert.equal(escapeText('exe.\u202egnp'), 'exe.⟨U+202E⟩gnp');
  assert.equal(escapeText('\u200b\ufeff\u2066\u0085'), '⟨U+200B⟩⟨U+FEFF⟩⟨U+2066⟩⟨U+0085⟩');
  assert.equal(escapeText('\u{e0041}'), '⟨U+E0041⟩');
  assert.equal(escapeText('half \ud800 pair'), 'half \ufffd pair');
  assert.equal(escapeText('żółć 漢字 👩‍💻'), 'żółć 漢字 👩‍💻');
});

test('no text whatever leaves a character that could end its place', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.doesNotMatch(escapeText(text), /[<>"'`\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u);
    }),
  );
});
