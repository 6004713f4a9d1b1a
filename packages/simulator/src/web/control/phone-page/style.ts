/** The phone's page, dressed. One sheet for light and dark. */
export const style = `
:root { color-scheme: light dark; --ink:#10211c; --dim:#5b6b66; --paper:#f4f6f5; --panel:#fff; --line:#dfe5e2;
  --leaf:#0a7c5a; --leaf-ink:#fff; --wall:#e9efe9; --mine:#d7f5c9; --theirs:#fff; --read:#0b76c5; --bad:#b3261e; --warn:#fff3d6; }
@media (prefers-color-scheme: dark) { :root { --ink:#e6eeea; --dim:#9fb0a9; --paper:#0d1513; --panel:#15201d; --line:#263530;
  --leaf:#36c08f; --leaf-ink:#04130d; --wall:#0f1a17; --mine:#0f4a37; --theirs:#1f2d29; --read:#67b7f0; --bad:#ff8a80; --warn:#453812; } }
* { box-sizing:border-box } body { margin:0; height:100vh; display:grid; grid-template-rows:auto 1fr; background:var(--paper); color:var(--ink);
  font:15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif }
header { display:flex; align-items:center; gap:.75rem; padding:.7rem 1.25rem; background:var(--panel); border-bottom:1px solid var(--line) }
header h1 { font-size:1.05rem; margin:0 } header p { margin:0; color:var(--dim) }
.live { width:.65rem; height:.65rem; border-radius:50%; background:var(--dim) } .live.on { background:var(--leaf) } .live.off { background:var(--bad) }
#notice { margin-left:auto; color:var(--bad); font-weight:600 }
main { display:grid; grid-template-columns:minmax(250px,300px) minmax(340px,1fr) minmax(240px,290px); gap:1.25rem; padding:1.25rem; min-height:0 }
section { min-height:0 } h2 { font-size:.8rem; letter-spacing:.06em; text-transform:uppercase; color:var(--dim); margin:0 0 .5rem }
.side { overflow:auto; display:flex; flex-direction:column; gap:1.4rem; padding:2px }
ul { list-style:none; margin:0; padding:0; display:flex; flex-direction:column; gap:.5rem }
.card { display:flex; align-items:center; gap:.7rem; width:100%; text-align:left; background:var(--panel); border:1px solid var(--line); border-radius:12px; padding:.6rem .75rem }
.card.chosen { border-color:var(--leaf); box-shadow:0 0 0 1px var(--leaf) }
.grow { flex:1; min-width:0 } strong { display:block; overflow:hidden; text-overflow:ellipsis } small { color:var(--dim) }
.glyph { font-size:1.5rem; width:1.6rem; text-align:center; color:var(--leaf) } .code { font-family:ui-monospace, monospace; letter-spacing:.05em }
.dot { width:.7rem; height:.7rem; border-radius:50%; background:var(--line); border:2px solid var(--dim) } .dot.on { background:var(--leaf); border-color:var(--leaf) }
.hint { color:var(--dim); margin:.2rem 0 }
button, input, select { font:inherit; color:inherit } button { cursor:pointer; border:1px solid var(--line); background:var(--panel); border-radius:9px; padding:.4rem .75rem }
button.primary { background:var(--leaf); border-color:var(--leaf); color:var(--leaf-ink); font-weight:600 } button.danger { color:var(--bad) }
button:disabled { opacity:.5; cursor:default }
:focus-visible { outline:3px solid var(--read); outline-offset:1px }
input, select { background:var(--panel); border:1px solid var(--line); border-radius:9px; padding:.4rem .6rem; width:100%; min-width:0 }
.fields { display:grid; grid-template-columns:1fr 1fr; gap:.5rem; margin-bottom:.6rem } .fields label, .row { color:var(--dim); font-size:.85rem }
.phone { display:grid; grid-template-rows:auto auto 1fr auto; background:var(--panel); border:1px solid var(--line); border-radius:22px; overflow:hidden; width:100%; max-width:620px; justify-self:center }
.phone > .top { padding:.8rem 1.1rem; border-bottom:1px solid var(--line) } .top strong { font-size:1.05rem }
.bar { display:flex; gap:.5rem; align-items:center; padding:.55rem .8rem; border-bottom:1px solid var(--line); overflow-x:auto }
#tabs { display:flex; gap:.4rem } .tab { white-space:nowrap; border-radius:99px } .tab.chosen { background:var(--leaf); color:var(--leaf-ink); border-color:var(--leaf) }
#new-contact { display:flex; gap:.4rem; margin-left:auto } #new-contact input { width:9.5rem }
#scroll { overflow:auto; background:var(--wall); padding:1rem } #messages { gap:.4rem } #no-messages { text-align:center; margin-top:3rem }
.bubble { position:relative; max-width:78%; padding:.45rem .65rem .3rem; border-radius:12px; box-shadow:0 1px 1px #0002 } .bubble p { margin:0; white-space:pre-wrap; overflow-wrap:anywhere }
.bubble.mine { align-self:flex-end; background:var(--mine); border-top-right-radius:3px } .bubble.theirs { align-self:flex-start; background:var(--theirs); border-top-left-radius:3px }
.bubble img { display:block; max-width:100%; max-height:260px; min-width:90px; border-radius:8px; margin-bottom:.25rem; background:#8884 }
.bubble:has(.reaction) { margin-bottom:.7rem }
.meta { display:block; text-align:right; font-size:.74rem; color:var(--dim) } .tick.read { color:var(--read); font-weight:700 } .tick.bad { color:var(--bad); font-weight:700 }
.reaction { position:absolute; bottom:-.7rem; left:.6rem; background:var(--panel); border:1px solid var(--line); border-radius:99px; padding:0 .35rem; font-size:.85rem }
#composer { display:flex; gap:.5rem; padding:.7rem; border-top:1px solid var(--line); align-items:center } #text { flex:1 }
.attach { position:relative; display:inline-flex; padding:.4rem .7rem; border:1px solid var(--line); border-radius:9px; cursor:pointer } .attach input { position:absolute; inset:0; opacity:0; cursor:pointer }
.attach:focus-within { outline:3px solid var(--read) }
.row { display:grid; grid-template-columns:1fr 1.15fr; align-items:center; gap:.6rem; margin-bottom:.4rem } #controls h2 { margin-top:1.2rem } #controls h2:first-child { margin-top:0 } #ack .row { grid-template-columns:1fr } #ack .row span { display:none }
select.armed { background:var(--warn); border-color:currentColor; color:var(--ink); font-weight:600 }
.buttons { display:grid; grid-template-columns:1fr 1fr; gap:.5rem } .buttons button { padding:.4rem .2rem; font-size:.9rem }
.count { font-size:1.6rem; font-weight:700 }
@media (max-width: 980px) { body { height:auto } main { grid-template-columns:1fr } .phone { min-height:70vh } }
`;
