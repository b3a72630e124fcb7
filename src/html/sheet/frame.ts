/** Type, rhythm and the frame of every page: header, lead, footer. */
export const frame = `*,::before,::after{box-sizing:border-box}
html{font:100%/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;
-webkit-text-size-adjust:100%;scroll-padding-block:2rem 7rem}
body{margin:0;min-height:100vh;display:flex;flex-direction:column;background:var(--paper);
color:var(--ink);overflow-wrap:break-word}
h1,h2,h3,h4,p,ul,ol,dl,dd,fieldset,legend{margin:0;padding:0;border:0}
h1{font-size:clamp(1.65rem,1.3rem + 1.6vw,2.35rem);line-height:1.15;letter-spacing:-.018em;
text-wrap:balance}
h2{font-size:1.2rem;line-height:1.3}h3{font-size:1.05rem;line-height:1.35}
h4{font-size:1rem;line-height:1.4}
p{text-wrap:pretty}
a{color:var(--brand);text-underline-offset:.18em}
strong{font-weight:650}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px;box-shadow:0 0 0 6px var(--ring);
border-radius:4px}
main:focus{outline:0;box-shadow:none}
.page{width:100%;max-width:70rem;margin-inline:auto;padding-inline:clamp(1rem,4vw,2rem)}
.narrow{max-width:34rem}
.skip{position:absolute;left:-99rem}
.skip:focus{left:var(--s4);top:var(--s2);background:var(--card);padding:var(--s3);z-index:9}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);
white-space:nowrap}
.top{background:var(--card);border-bottom:1px solid var(--rule)}
.top .page{display:flex;align-items:center;gap:var(--s2) var(--s4);min-height:4rem}
.pages{display:flex;flex-wrap:wrap;gap:0 var(--s5)}
.pages a{display:inline-flex;align-items:center;min-height:2.75rem;color:var(--ink);
text-decoration:none;border-bottom:3px solid transparent}
.pages a[aria-current]{font-weight:650;border-color:var(--brand)}
.mark{display:flex;align-items:center;gap:var(--s3);font-weight:700;color:var(--ink);
text-decoration:none;margin-right:auto;line-height:1.2;padding-block:var(--s2);min-width:0}
.mark img{width:2.25rem;height:2.25rem;flex:none;object-fit:contain}
.mark small{display:block;font-weight:400;font-size:.82rem;color:var(--soft);margin-top:.1rem}
main{flex:1 0 auto;padding-bottom:var(--s6)}
.lead{padding-block:var(--s6) var(--s5);max-width:44rem}
.lead p{color:var(--soft);margin-top:var(--s3);font-size:1.08rem}
.lead .who{font-size:.95rem}
.narrow .lead{padding-bottom:var(--s4)}
.foot{border-top:1px solid var(--rule);background:var(--card);padding-block:var(--s5);
color:var(--soft);font-size:.92rem}
.foot .page{display:grid;gap:var(--s3) var(--s6)}
.foot strong{color:var(--ink)}
.foot .page>*{min-width:0}
@media (min-width:48rem){.foot .page{grid-template-columns:1fr 1fr}}
@media (max-width:30rem){.mark small{display:none}.lead{padding-block:var(--s5) var(--s4)}}
`;
