/** The parts of single pages: cards, rows of channels, what was done, the side; and paper. */
export const parts = `.split{display:grid;gap:var(--s5)}
.split>*,.cards>*{min-width:0}
.cards{display:grid;gap:var(--s5);align-content:start}
.card{background:var(--card);border:1px solid var(--rule);border-radius:var(--round);
padding:var(--s4)}
.card legend{float:left;width:100%}
.cards h3{font-size:1.2rem;font-weight:650;line-height:1.3}
.card legend+*{clear:both}
.why{color:var(--soft);margin-top:var(--s2);max-width:40rem}
.ways{list-style:none;margin-top:var(--s4)}
.ways+details{margin-top:0}
.way{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,13rem);align-items:center;
gap:var(--s3);min-height:3.75rem;padding-top:var(--s2);border-top:1px solid var(--rule)}
.way.alone{grid-template-columns:minmax(0,1fr)}
.way .state{grid-column:1/-1;margin:calc(var(--s3)*-1) 0 var(--s3);font-size:.9rem;
line-height:1.4;color:var(--soft)}
.group{margin-top:var(--s3)}
.facts{display:grid;gap:var(--s3);margin:0 0 var(--s3)}
.facts dt{font-weight:650}.facts dd{color:var(--soft)}
@media (min-width:40rem){.facts{grid-template-columns:11rem minmax(0,1fr);gap:var(--s2) var(--s4)}}
.notice{border-left:3px solid var(--rule);padding-left:var(--s4);margin-bottom:var(--s3)}
.notice>*+*{margin-top:var(--s3)}
.done{display:flex;flex-wrap:wrap;align-items:center;gap:var(--s3) var(--s5);
background:var(--wash);border-left:4px solid var(--brand);
border-radius:var(--s1) var(--round) var(--round) var(--s1);padding:var(--s4);
margin-bottom:var(--s5)}
.done>div{flex:1 1 18rem}.done p+p{margin-top:var(--s1)}.done .hint{margin-top:var(--s2)}
.note{background:var(--card);border-left:4px solid var(--field);
border-radius:var(--s1) var(--round) var(--round) var(--s1);padding:var(--s4);
margin-bottom:var(--s5)}
.note .row{display:flex;flex-wrap:wrap;align-items:center;gap:var(--s2) var(--s4);
justify-content:space-between}
.note .row+.row{margin-top:var(--s3)}
.save{position:sticky;bottom:0;display:flex;flex-wrap:wrap;gap:var(--s2) var(--s4);
align-items:center;background:var(--paper);border-top:1px solid var(--rule);padding:var(--s3) 0}
.save p{color:var(--soft);font-size:.95rem;flex:1 1 12rem}
.aside{display:grid;gap:var(--s4);align-content:start}
.aside .card>p{color:var(--soft);margin-top:var(--s2)}
.aside .button{width:100%;margin-top:var(--s4)}
.aside label{display:block;margin-top:var(--s3);font-weight:600}
.aside select,.aside .field{margin-top:var(--s1);min-height:2.75rem;font-size:1rem;
font-weight:400}
.read{max-width:46rem}.plain-list{list-style:none}
.card>.row{display:flex;flex-wrap:wrap;align-items:baseline;justify-content:space-between;
gap:var(--s1) var(--s4)}
.badge{font-size:.85rem;font-weight:650;border:1px solid var(--field);border-radius:1rem;
padding:.1rem var(--s3);white-space:nowrap}
.badge.yes{border-color:var(--brand);color:var(--brand)}
.when{color:var(--soft);font-size:.92rem;margin-top:var(--s1)}
.told{margin-top:var(--s3)}.told+.when{margin-top:var(--s3)}
.reach{display:inline-flex;align-items:center;min-height:2.75rem;font-weight:600}
.points{padding-left:1.2rem;margin-top:var(--s3)}.points li+li{margin-top:var(--s2)}
.points small{color:var(--soft);font-size:.92em}
.card>h2+.facts,.why+.facts{margin-top:var(--s3)}
.facts dd strong{color:var(--ink)}.facts dd small{display:block;font-size:.92em}
.changed{margin-top:var(--s4)}.changed>*+*{margin-top:var(--s4)}
.changed ins{text-decoration:none}
.changed del{text-decoration-thickness:1px;color:var(--soft)}
.changed .new,.changed .gone{border-left:4px solid var(--field);padding-left:var(--s3)}
.changed .new{border-color:var(--brand);background:var(--wash);padding-block:var(--s2)}
.changed .badge{display:inline-block;margin-bottom:var(--s1)}
.told>p+p{margin-top:var(--s3)}
.folded>details{border:0;margin:0}
.pair{display:flex;flex-wrap:wrap;gap:0 var(--s5)}
.turn{display:flex;flex-wrap:wrap;gap:var(--s3);margin-top:var(--s5)}
.big{font-size:1.15rem}
.card.room{padding:var(--s5)}
.sentence{font-size:1.12rem}
.sentence+.sentence,.sentence+form,.sentence+.hint{margin-top:var(--s4)}
.card form.gap{margin-top:var(--s5)}
.after{margin-top:var(--s5);color:var(--soft)}
.after p+p{margin-top:var(--s3)}
@media (max-width:30rem){.way{grid-template-columns:minmax(0,1fr);gap:0}
.way .pace{order:3;margin:0 0 var(--s4) 3.5rem}.way .state{margin:0 0 var(--s3) 3.5rem}
.save{margin-inline:-1rem;padding-inline:1rem;background:var(--card);flex-wrap:nowrap;
justify-content:space-between}.save p{flex:1 1 auto;font-size:.85rem;line-height:1.3}
.save .button{flex:none;padding-inline:var(--s4)}.card.room{padding:var(--s4)}}
@media (max-width:22rem){.save{flex-wrap:wrap}.save .button{width:100%}
.top .page{flex-wrap:wrap;padding-block:var(--s2)}}
@media (max-height:34rem){.save{position:static}}
@media (min-width:62rem){.split{grid-template-columns:minmax(0,1fr) 21rem;gap:var(--s6)}
.cards .card{padding:var(--s5)}.aside{grid-row:1;grid-column:2}}
@media print{body{background:#fff;color:#000;display:block}.top,.foot{background:none}
.skip,.tools,.pages,.button,.save,.aside{display:none}details>*{display:block}
.card{break-inside:avoid}a::after{content:none}}
`;
