import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mrkdwnToHtml } from '../../demo/inbox/mrkdwn.ts';

const CASES: readonly (readonly [source: string, html: string])[] = [
  ['*bold* and _italic_ and ~gone~', '<b>bold</b> and <i>italic</i> and <s>gone</s>'],
  ['a*b*c and snake_case_name', 'a*b*c and snake_case_name'],
  ['2 * 3 * 4', '2 * 3 * 4'],
  ['*bold with `code` in it*', '<b>bold with <code>code</code> in it</b>'],
  ['one\ntwo', 'one<br>two'],
  ['before\n```\n*not bold*\n  indented\n```\nafter', 'before<pre>*not bold*\n  indented</pre>after'],
  ['> quoted\nnot', '<blockquote>quoted</blockquote>not'],
  [':red_circle: at 10:30:15', '🔴 at 10:30:15'],
  [':no_such_emoji:', ':no_such_emoji:'],
  ['&lt;b&gt; &amp;amp;', '&lt;b&gt; &amp;amp;'],
  [
    '*<https://example.com/a?b=1&amp;c=2|A *b* c>*',
    '<b><a href="https://example.com/a?b=1&amp;c=2" rel="noreferrer" target="_blank">A *b* c</a></b>',
  ],
  ['<https://example.com>', '<a href="https://example.com" rel="noreferrer" target="_blank">https://example.com</a>'],
  ['<javascript:alert(1)|x>', '&lt;javascript:alert(1)|x&gt;'],
  ['<!channel> and <@U123>', '<span class="mention">@channel</span> and <span class="mention">@U123</span>'],
  ['&lt;!channel&gt;', '&lt;!channel&gt;'],
  ['`<!here>`', '<code><span class="mention">@here</span></code>'],
  ['<!date^1700000000^{time}|10:00 UTC>', '10:00 UTC'],
  ['"quotes" stay', '&quot;quotes&quot; stay'],
];

for (const [source, html] of CASES) {
  test(JSON.stringify(source), () => assert.equal(mrkdwnToHtml(source), html));
}
