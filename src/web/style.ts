import { createHash } from 'node:crypto';

/** The page's only stylesheet; it lives in code because a build copies no other files. Colour says state and nothing else. */
export const STYLESHEET = `
:root{color-scheme:light dark;
--bg:#f5f6f8;--surface:#fff;--sunk:#f0f2f5;--line:#e1e4ea;--line-strong:#c9ced8;--text:#171a21;--muted:#5a6270;--link:#1d56b8;--focus:#1d56b8;
--ok:#1c7a4d;--ok-fill:#79c29d;--critical:#b8242a;--critical-fill:#d6383e;--critical-wash:#fdf0f0;--warning:#8a5800;--warning-fill:#e09a1a;--warning-wash:#fdf6e7;
--info:#1d56b8;--info-fill:#4d86e0;--info-wash:#eef4fd;--unknown-fill:#aab1be;--spark:#5b74a8;--level-info:#9db0d6;--level-debug:#cdd6e8;
--sans:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Helvetica Neue",Arial,sans-serif;--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
@media (prefers-color-scheme:dark){:root{
--bg:#0e1116;--surface:#161a21;--sunk:#1c212a;--line:#272d38;--line-strong:#3a4250;--text:#e6e9ef;--muted:#9aa3b2;--link:#8ab4f8;--focus:#8ab4f8;
--ok:#5cc794;--ok-fill:#2f7d57;--critical:#ff8a85;--critical-fill:#e5534b;--critical-wash:#2a1618;--warning:#e8b04b;--warning-fill:#c98a1b;--warning-wash:#261d0d;
--info:#8ab4f8;--info-fill:#4d86e0;--info-wash:#131d2e;--unknown-fill:#5a6372;--spark:#8aa3d6;--level-info:#53699b;--level-debug:#39466a}}
*,::before,::after{box-sizing:border-box}
html{font:14px/1.45 var(--sans);background:var(--bg);color:var(--text);-webkit-text-size-adjust:100%;font-variant-numeric:tabular-nums}
body{margin:0;min-height:100vh;display:flex;flex-direction:column}
a{color:var(--link);text-decoration-thickness:1px;text-underline-offset:2px}
a:not(:hover){text-decoration-color:color-mix(in srgb,currentColor 35%,transparent)}
:focus-visible{outline:2px solid var(--focus);outline-offset:2px;border-radius:3px}
main:focus{outline:none}
h1,h2,h3,p,ul,dl,dd,pre,figure{margin:0;padding:0}
h1{font-size:28px;line-height:1.2;font-weight:650;letter-spacing:-.015em;text-wrap:balance}
h2{font-size:16px;line-height:1.3;font-weight:650;letter-spacing:-.005em}
h3{font-size:15px;line-height:1.3;font-weight:650}
ul{list-style:none}.points{padding-left:18px;list-style:disc}
code,pre,.mono{font-family:var(--mono);font-size:12px}
small,.small{font-size:12px}
.muted,small{color:var(--muted)}
.vh{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:8px;top:-60px;background:var(--surface);padding:8px 14px;border-radius:6px;z-index:9}
.skip:focus{top:8px}
.i{width:1em;height:1em;fill:currentColor;flex:none;vertical-align:-.13em}
.i-ok{color:var(--ok)}.i-critical{color:var(--critical)}.i-warning{color:var(--warning)}.i-info{color:var(--info)}
.i-unknown,.i-gone,.i-pending{color:var(--muted)}

.bar{display:flex;flex-wrap:wrap;align-items:center;gap:4px 14px;padding:0 24px;background:var(--surface);border-bottom:1px solid var(--line)}
.brand{display:flex;align-items:center;gap:8px;color:var(--text);text-decoration:none;font-weight:700;font-size:15px;padding:12px 0}
.cluster{color:var(--muted);padding-left:14px;border-left:1px solid var(--line-strong);overflow-wrap:anywhere}
.bar nav{margin-left:auto}
.bar ul{display:flex}
.bar li a{display:block;padding:13px 12px 11px;color:var(--muted);text-decoration:none;border-bottom:2px solid transparent}
.bar li a:hover{color:var(--text)}
.bar li a[aria-current]{color:var(--text);border-color:var(--text);font-weight:600}
.count{display:inline-block;min-width:19px;padding:0 6px;border-radius:10px;background:var(--critical);color:var(--surface);font-size:12px;line-height:18px;font-weight:650;text-align:center}
main{width:100%;max-width:1440px;margin:0 auto;padding:28px 24px 40px;flex:1;display:flex;flex-direction:column;gap:28px}
main>*{min-width:0}
.foot{display:flex;flex-wrap:wrap;justify-content:space-between;gap:4px 24px;padding:14px 24px;border-top:1px solid var(--line);color:var(--muted);font-size:12px}
.lead{color:var(--muted);max-width:75ch}
.head{display:flex;flex-wrap:wrap;align-items:end;justify-content:space-between;gap:10px 20px;margin-bottom:12px}

.lede{display:grid;grid-template-columns:minmax(0,1fr) minmax(280px,360px);gap:16px 28px;align-items:start}
.hero{display:grid;grid-template-columns:auto 1fr;gap:4px 14px;align-items:start}
.hero>.i{width:30px;height:30px;margin-top:2px}
.hero p{grid-column:2;color:var(--muted)}
.hero ul{grid-column:2;margin-top:8px;padding:10px 14px;border-left:3px solid var(--warning-fill);background:var(--warning-wash);border-radius:0 6px 6px 0}
.hero li+li{margin-top:4px}
.banner{padding:12px 16px;border:1px solid var(--warning-fill);background:var(--warning-wash);border-radius:8px}
.banner h2{margin-bottom:6px}
.banner li{font-family:var(--mono);font-size:12px;overflow-wrap:anywhere;padding:2px 0}

.badge{display:inline-flex;align-items:center;gap:5px;font-size:12px;line-height:20px;font-weight:650;white-space:nowrap}
.badge.critical{color:var(--critical)}.badge.warning{color:var(--warning)}.badge.info{color:var(--info)}
.badge.ok{color:var(--ok)}.badge.quiet{color:var(--muted);font-weight:500}

.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,520px),1fr));gap:14px}
.card{background:var(--surface);border:1px solid var(--line);border-top:3px solid var(--unknown-fill);border-radius:8px;padding:14px 16px 16px;display:flex;flex-direction:column;gap:8px;min-width:0}
.card.critical{border-top-color:var(--critical-fill)}.card.warning{border-top-color:var(--warning-fill)}.card.info{border-top-color:var(--info-fill)}

.card h3+.where{margin-top:-6px}
.card header{display:flex;flex-wrap:wrap;justify-content:space-between;gap:2px 12px}
.card h3 a{color:inherit}
.card .where{overflow-wrap:anywhere}
.also{list-style:none;margin:auto 0 0;padding:8px 0 0;border-top:1px solid var(--line);font-size:13px}
.also li{display:grid;grid-template-columns:84px minmax(0,1fr);gap:6px;padding:2px 0;overflow-wrap:anywhere}
.facts{display:flex;flex-wrap:wrap;gap:4px 18px;font-size:13px}
.facts div{display:flex;gap:6px;min-width:0}
.facts dt{color:var(--muted)}
.facts dd{overflow-wrap:anywhere}
.log{background:var(--sunk);border-radius:6px;padding:8px 10px;font:12px/1.5 var(--mono);white-space:pre-wrap;overflow-wrap:anywhere;tab-size:4;min-width:0}
.log .e{color:var(--critical)}
.log time{color:var(--muted)}
figure figcaption{font-size:12px;color:var(--muted);margin-bottom:4px}

.panels{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,300px),1fr));gap:1px;background:var(--line);border:1px solid var(--line);border-radius:8px;overflow:hidden}
.panel{background:var(--surface);padding:14px 16px;min-width:0}
.panel h2{font-size:13px;margin-bottom:8px}
.panel .big{font-size:20px;line-height:1.25;font-weight:600;letter-spacing:-.01em}
.panel li{display:flex;justify-content:space-between;gap:4px 12px;padding:3px 0}
.panel li>:first-child{min-width:0;overflow-wrap:anywhere}
.panel li>:last-child{text-align:right}
.panel li+li{border-top:1px solid var(--line)}

form.fields{display:flex;flex-direction:column;gap:10px}
.fields label{display:grid;gap:3px;font-size:12px;color:var(--muted)}
.fields input,.fields textarea{color:var(--text)}
.fields label+p{margin-top:-6px}
.fields .check{display:flex;gap:8px;align-items:center;color:var(--text);font-size:14px}
.fields .check input{width:18px;height:18px;flex:none}
textarea{font:12px/1.5 var(--mono);color:inherit;background:var(--surface);border:1px solid var(--line-strong);border-radius:6px;padding:7px 10px;min-width:0;width:100%;resize:vertical}
.fields input:not([type=checkbox]){width:100%}
.buttons{display:flex;flex-wrap:wrap;gap:8px}
button:disabled{color:var(--muted);cursor:not-allowed}
button.plain{font-weight:500}
.done{padding:10px 14px;border-left:3px solid var(--ok-fill);background:var(--surface);border-radius:0 6px 6px 0}

form.find{display:flex;flex-wrap:wrap;gap:8px;align-items:end}
.find label{display:grid;gap:2px;font-size:12px;color:var(--muted)}
input,select,button{font:inherit;color:inherit;background:var(--surface);border:1px solid var(--line-strong);border-radius:6px;height:34px;padding:0 10px;min-width:0}
button{font-weight:600;cursor:pointer;padding:0 14px}
button:hover{border-color:var(--muted)}
.find .wide{flex:1 1 160px}
.head .find input{width:170px}
.find .wide input,.head .find .wide input{width:100%}

.table{background:var(--surface);border:1px solid var(--line);border-radius:8px;overflow-x:auto}
table{width:100%;border-collapse:collapse}
th,td{text-align:left;padding:7px 12px;vertical-align:middle;font-weight:400}
thead th{font-size:12px;color:var(--muted);font-weight:550;border-bottom:1px solid var(--line-strong);white-space:nowrap;padding-block:9px}
tbody tr+tr>*{border-top:1px solid var(--line)}
tbody tr:hover{background:var(--sunk)}
td.n,th.n{text-align:right;white-space:nowrap}
td.t{vertical-align:top;overflow-wrap:anywhere}td.word{min-width:170px}
tr.top>*{vertical-align:top}
.zero{color:var(--muted)}
.bad{color:var(--critical);font-weight:600}
.hot{color:var(--warning);font-weight:600}
.fine{color:var(--ok);font-weight:600}
.name{display:flex;gap:9px;align-items:flex-start;min-width:210px}
.name>div{min-width:0}
.name>.i{margin-top:3px}
.name code{overflow-wrap:anywhere}
.name a{color:inherit;font-weight:550;overflow-wrap:anywhere}
.name small{display:block;overflow-wrap:anywhere}
.name small a{font-weight:400}
.strip{display:block;width:100%;min-width:180px;height:22px;background:linear-gradient(var(--line),var(--line)) 0 100%/100% 1px no-repeat}
.strip{mask-image:repeating-linear-gradient(90deg,#000 0 calc(100%/24 - 1px),transparent 0 calc(100%/24))}
.strip .o{fill:var(--ok-fill)}.strip .f{fill:var(--critical-fill)}.strip .u{fill:var(--unknown-fill)}
.use{display:flex;align-items:center;justify-content:flex-end;gap:8px}
.spark{width:64px;height:22px;flex:none;overflow:visible}
.spark path,.series path{fill:none;stroke:var(--spark);stroke-width:1.4;vector-effect:non-scaling-stroke}
.spark.lim{border-top:1px dashed var(--line-strong)}
.series .l{stroke:var(--critical-fill);stroke-width:1;stroke-dasharray:3 2}
.use b{font-weight:400;min-width:54px;white-space:nowrap;text-align:right}
.use b.hot{font-weight:600}
.series{display:block;width:100%;height:140px;background:var(--sunk);border-radius:6px;overflow:visible}
.series path{stroke-width:1.8}
.charts{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:14px}
.chart{background:var(--surface);border:1px solid var(--line);border-radius:8px;padding:12px 16px 8px;min-width:0}
.chart.wide{grid-column:1/-1}
.chart figcaption{display:flex;flex-wrap:wrap;align-items:baseline;justify-content:space-between;gap:2px 16px;margin-bottom:12px}
.chart h3{font-size:13px;color:var(--text)}
.legend{display:flex;flex-wrap:wrap;gap:2px 14px;font-size:12px;color:var(--muted)}
.key{display:inline-block;width:14px;height:10px;margin-right:6px;border-radius:2px}
.plot{display:grid;grid-template-columns:auto minmax(0,1fr);column-gap:8px}
.ys{display:flex;flex-direction:column;justify-content:space-between;min-width:48px;margin-block:-8px;text-align:right;font-size:11px;color:var(--muted)}
.day{display:block;width:100%;height:96px;overflow:visible}
.wide .day{height:150px}
.xs{grid-column:2;width:100%;height:18px;overflow:visible;font-size:11px;fill:var(--muted);text-anchor:middle}
.day path{vector-effect:non-scaling-stroke}
.day .grid{stroke:var(--line);fill:none}
.day .line{fill:none;stroke:var(--spark);stroke-width:1.8}
.day .limit{fill:none;stroke:var(--critical-fill);stroke-dasharray:5 3}
.day .unseen{fill:var(--unknown-fill);fill-opacity:.3}
.day .error,.day .restart{fill:var(--critical-fill)}.day .warning{fill:var(--warning-fill)}.day .info{fill:var(--level-info)}
.day .debug{fill:var(--level-debug)}.day .none{fill:var(--unknown-fill)}
.mark .band{fill-opacity:.13}.mark.critical{fill:var(--critical-fill)}.mark.warning{fill:var(--warning-fill)}.mark.info{fill:var(--info-fill)}
.mark.rollout{fill:none;stroke:var(--text);stroke-width:1.4;stroke-dasharray:2 3}
.key.error,.key.restart{background:var(--critical-fill)}.key.warning{background:var(--warning-fill)}.key.info{background:var(--level-info)}
.key.debug{background:var(--level-debug)}.key.none{background:var(--unknown-fill)}
.key.line,.key.limit{height:0;border-top:2px solid var(--spark);vertical-align:middle;border-radius:0}.key.limit{border-top:2px dashed var(--critical-fill)}
.key.unseen{background:color-mix(in srgb,var(--unknown-fill) 30%,transparent)}
.key.mark-critical,.key.mark-warning{border-top:3px solid var(--critical-fill);background:color-mix(in srgb,var(--critical-fill) 13%,transparent)}
.key.mark-warning{border-top-color:var(--warning-fill);background:color-mix(in srgb,var(--warning-fill) 13%,transparent)}
.key.mark-rollout{width:0;height:12px;border-left:2px dotted var(--text);border-radius:0;vertical-align:-2px}
.more{display:flex;flex-wrap:wrap;gap:6px 20px;padding:12px 0 0}
.empty{padding:22px 16px;color:var(--muted)}

.title p:first-child{margin-bottom:4px}.title .facts{margin-block:8px 6px}.title h1+p{margin-top:2px}
.split{display:grid;grid-template-columns:minmax(0,1fr) minmax(260px,340px);gap:28px;align-items:start}
.lookup{display:flex;flex-direction:column;gap:16px;min-width:0}
.stack{display:flex;flex-direction:column;gap:28px;min-width:0}
.sheet{background:var(--surface);border:1px solid var(--line);border-radius:8px;padding:14px 16px}
.sheet h2{margin-bottom:8px}
.pairs{display:grid;grid-template-columns:auto minmax(0,1fr);gap:5px 14px}
.pairs dt{color:var(--muted)}
.pairs dd{overflow-wrap:anywhere}
.timeline{border-left:2px solid var(--line-strong);margin-left:5px}
.timeline li{position:relative;padding:0 0 12px 16px}
.timeline li:last-child{padding-bottom:0}
.timeline li::before{content:"";position:absolute;left:-6px;top:5px;width:10px;height:10px;border-radius:50%;background:var(--surface);border:2px solid var(--muted)}
.timeline .critical::before{background:var(--critical-fill);border-color:var(--critical-fill)}
.timeline .warning::before{background:var(--warning-fill);border-color:var(--warning-fill)}
.timeline .info::before{background:var(--info-fill);border-color:var(--info-fill)}
.timeline .ok::before{background:var(--ok);border-color:var(--ok)}
.timeline small{display:block}
.lines td{vertical-align:top;padding-block:4px}
.lines .what{font:12px/1.5 var(--mono);white-space:pre-wrap;overflow-wrap:anywhere;width:100%;min-width:280px;tab-size:4}
.lines .who{white-space:nowrap;color:var(--muted)}
.lines .when{white-space:nowrap;font:12px/1.5 var(--mono);color:var(--muted)}
.lv-error,.lv-fatal{color:var(--critical);font-weight:600}.lv-warning{color:var(--warning)}.lv-debug,.lv-trace,.lv-none{color:var(--muted)}

@media (max-width:860px){.lede,.split,.charts{grid-template-columns:minmax(0,1fr)}}
@media (max-width:760px){
h1{font-size:22px}
.bar{padding:0 16px}.bar nav{order:3;width:calc(100% + 24px);margin:0 -12px}
.cluster{margin-left:auto;border:0}
.bar ul{flex-wrap:wrap}.bar li a{padding:6px 5px 9px;font-size:13px;white-space:nowrap}
main{padding:20px 16px 32px;gap:22px}.foot{padding-inline:16px}
.hero>.i{width:24px;height:24px}
.find label{flex:1 1 130px}.find button{flex:1 1 100px}
.stacked thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
.stacked,.stacked tbody{display:block}
.stacked tr{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:2px 12px;padding:10px 14px}
.stacked tbody tr+tr{border-top:1px solid var(--line)}.stacked tbody tr+tr>*{border:0}
.stacked th,.stacked td{display:block;padding:2px 0;text-align:left}
.stacked .full{grid-column:1/-1}
.stacked td[data-l]::before{content:attr(data-l);display:block;font-size:11px;color:var(--muted)}
.stacked .use{justify-content:flex-start}.stacked .use b{text-align:left;order:-1;min-width:0}
.stacked .spark{width:44px}
.stacked .what,.stacked .word{min-width:0}
.two.stacked tr{grid-template-columns:repeat(2,minmax(0,1fr))}
.lines.stacked tr{grid-template-columns:auto auto 1fr;gap:0 10px;padding-block:6px}
.name{min-width:0}
.lines .who{white-space:normal;overflow-wrap:anywhere;text-align:right}
.head .find input{width:100%}
}
@media (forced-colors:active){.strip .f,.count{forced-color-adjust:none}}
@media print{.bar nav,form,.skip{display:none}}
`.trim();

const digest = createHash('sha256').update(STYLESHEET).digest('hex').slice(0, 16);

/** Names the content, so that browsers may keep it for ever. */
export const STYLESHEET_PATH = `/assets/${digest}.css`;
export const STYLESHEET_ETAG = `"${digest}"`;
