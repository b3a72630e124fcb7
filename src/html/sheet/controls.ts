/** What people touch. Every target is 44 px high at least, links in text excepted. */
export const controls = `.button{display:inline-flex;align-items:center;justify-content:center;
font:inherit;font-weight:600;min-height:2.75rem;border-radius:.5rem;padding:var(--s2) var(--s5);
border:2px solid var(--brand);background:var(--brand);color:var(--brand-ink);text-decoration:none;
text-align:center;cursor:pointer;line-height:1.25}
.quiet{background:transparent;color:var(--brand)}
.wide{width:100%}
.plain{font:inherit;font-size:.95rem;color:var(--ink);background:none;border:0;cursor:pointer;
padding:var(--s3) var(--s1);min-height:2.75rem;text-decoration:underline;
text-underline-offset:.18em}
.plain.inline{display:inline;padding:0;min-height:0;color:var(--brand);font-size:inherit}
.tools{display:flex;align-items:center;gap:var(--s3)}
.tools form{display:flex}
select,.field{font:inherit;width:100%;min-height:2.75rem;border-radius:.5rem;
padding:var(--s2) var(--s3);color:var(--ink);background:var(--card);border:1px solid var(--field)}
.field{min-height:3.25rem;font-size:1.1rem}
.code{font-variant-numeric:tabular-nums;letter-spacing:.18em;font-size:1.5rem}
.label{display:block;font-weight:650}
.hint{color:var(--soft);font-size:.95rem;margin-top:var(--s1)}
.fault{color:var(--stop);font-weight:600;margin-top:var(--s2)}
.fault::before{content:"! ";font-weight:800}
.field[aria-invalid=true]{border:2px solid var(--stop)}
.stack>*+*{margin-top:var(--s4)}
.choice{display:flex;flex-wrap:wrap;gap:var(--s3);margin-top:var(--s5)}
.choice>*{flex:1 1 12rem}.choice .button{width:100%}
.switch{display:flex;align-items:center;gap:var(--s3);min-height:3rem;cursor:pointer;min-width:0}
.switch input{appearance:none;width:2.75rem;height:1.6rem;margin:0;flex:none;
border:2px solid var(--field);border-radius:1rem;background:var(--card);position:relative;
cursor:pointer}
.switch input::before{content:"";position:absolute;top:50%;left:.2rem;width:.95rem;height:.95rem;
border-radius:50%;background:var(--field);translate:0 -50%}
.switch input:checked{background:var(--brand);border-color:var(--brand)}
.switch input:checked::before{left:calc(100% - 1.15rem);background:var(--brand-ink)}
.switch span{min-width:0;overflow-wrap:normal;line-height:1.3}
@media (prefers-reduced-motion:no-preference){.switch input,.switch input::before{transition:.12s}}
@media (forced-colors:active){.switch input{appearance:auto}}
.way:has([type=checkbox]:not(:checked)) .pace{display:none}
details{border-top:1px solid var(--rule);margin-top:var(--s4)}
summary{cursor:pointer;padding:var(--s3) 0;min-height:2.75rem;font-weight:600;color:var(--brand)}
details[open]>summary{margin-bottom:var(--s1)}
`;
